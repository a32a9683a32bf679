import { Option } from 'commander';
import { bookAtPeriods, type PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';
import { payloadMapper } from '../../domain/mapping/map-payload.ts';
import { type Mapping, readMapping } from '../../domain/mapping/mapping.ts';
import type { ReadingOptions } from '../../domain/message/read-message.ts';
import { createScorer } from '../../edge/gateway/run-gateway.ts';
import type { TreeChoice } from '../../edge/model/model.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { openModel } from './open-model.ts';
import { readJsonFile, readPolicyFile } from './policy-file.ts';

/** How devices of other makes are understood. */
export const mapOption = (): Option =>
  new Option(
    '--map <file>',
    'where sensors, cylinder and time are in what devices send (see docs/sources.md)',
  );

/** The mapping of a file, checked; undefined where none is given. */
export const readMapFile = async (file: string | undefined): Promise<Mapping | undefined> => {
  if (file === undefined) return undefined;
  const reading = readMapping(await readJsonFile(file));
  if (reading.ok) return reading.mapping;
  throw new UsageError(`${file}: ${faultsText(reading.faults)}`);
};

/** The policies of a file, or the defaults, at the period that a mapping states. */
export const readPolicyFor = async (
  file: string | undefined,
  mapping: Mapping | undefined,
): Promise<PolicyBook> => {
  const book = await readPolicyFile(file);
  const { periodMs } = mapping ?? {};
  return periodMs === undefined ? book : bookAtPeriods(book, () => periodMs);
};

/** How messages of devices are read: by a mapping, and scored on arrival, where that was asked for. */
export const readingFor = async (
  asked: Readonly<{ map?: string; score?: string; trees?: TreeChoice }>,
): Promise<ReadingOptions & Readonly<{ topics: readonly string[] | undefined }>> => {
  const mapping = await readMapFile(asked.map);
  const model = asked.score === undefined ? undefined : await openModel(asked.score, asked.trees);
  return {
    mapper: mapping && payloadMapper(mapping),
    topics: mapping?.topics,
    scorer: model && createScorer(model).score,
  };
};
