import { Option } from 'commander';
import type { KnownOutcome } from '../../backtest/challenge/evidence.ts';
import { openTable } from '../../backtest/recordings/open-table.ts';
import { bookAtPeriods, type PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';
import { payloadMapper } from '../../domain/mapping/map-payload.ts';
import { type Mapping, readMapping } from '../../domain/mapping/mapping.ts';
import type { ReadingOptions } from '../../domain/message/read-message.ts';
import type { TimeStyle } from '../../domain/message/read-time.ts';
import { isLiveKind } from '../../edge/gateway/live-source.ts';
import { createScorer } from '../../edge/gateway/run-gateway.ts';
import type { TreeChoice } from '../../edge/model/model.ts';
import { fileFault } from '../../edge/recordings/recording.ts';
import {
  type Interval,
  isIntervalHeader,
  labelIntervals,
  readIntervals,
  type TableMap,
  tableMapOf,
} from '../../edge/recordings/table.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { openModel } from './open-model.ts';
import { readCardReference, readJsonFile, readPolicyFile } from './policy-file.ts';

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

/** When cylinders were abnormal, where no column of a recording says so. */
export const labelsOption = (): Option =>
  new Option(
    '--labels <file>',
    'a table of when cylinders were abnormal: begin, end, and cylinder where there are several',
  );

/** What a mapping and a file of intervals say of tables. */
export const tableMapFor = async (
  mapping: Mapping | undefined,
  labels: string | undefined,
): Promise<TableMap | undefined> => {
  const map = mapping && tableMapOf(mapping);
  if (labels === undefined) return map;
  return { ...map, intervals: labelIntervals(await readIntervalFile(labels, map?.timeStyle)) };
};

/** The intervals of a file. */
const readIntervalFile = async (file: string, style?: TimeStyle): Promise<readonly Interval[]> => {
  try {
    return await readIntervals(await openTable(file, {}, isIntervalHeader), style);
  } catch (cause) {
    throw new UsageError(fileFault(file, cause), { cause });
  }
};

/** Faults that people know of though no incident told them. */
export const faultsOption = (): Option =>
  new Option(
    '--faults <file>',
    'faults that no incident told, as the maintenance log has them: a table of cylinder, begin and end',
  );

/** The faults of a file; none where none is given. */
export const readFaultsFile = async (file: string | undefined): Promise<readonly KnownOutcome[]> => {
  if (file === undefined) return [];
  return (await readIntervalFile(file)).map(({ of, beginMs, endMs }) => {
    if (of === null) throw new UsageError(`${file}: a column cylinder has to say whose faults these were`);
    return { cylinder: of, fromMs: beginMs, toMs: endMs, outcome: 'fault' };
  });
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
  asked: Readonly<{ map?: string; score?: string; trees?: TreeChoice; challenger?: string }>,
): Promise<ReadingOptions & Readonly<{ topics: readonly string[] | undefined }>> => {
  const mapping = await readMapFile(asked.map);
  const model = asked.score === undefined ? undefined : await openModel(asked.score, asked.trees);
  if (model?.baseline !== undefined)
    throw new UsageError(
      `${asked.score} holds samples against baselines, in their order, which messages do not keep: score them at the gateway (sentinel edge), or train a model without --baseline`,
    );
  const challenger =
    model === undefined || asked.challenger === undefined ? null : await openModel(asked.challenger);
  return {
    mapper: mapping && payloadMapper(mapping),
    topics: mapping?.topics,
    scorer: model && createScorer(model, challenger).score,
  };
};

/** What a run is told of how its inputs are understood and judged. */
export const readRunFiles = async (
  asked: Parameters<typeof readingFor>[0] & Readonly<{ source: string; policy?: string; card?: string }>,
) => {
  const mapping = await readMapFile(asked.map);
  const book = await readPolicyFor(asked.policy, mapping);
  const readHere = asked.source === 'csv' || isLiveKind(asked.source);
  return {
    mapping,
    policies: asked.card === undefined ? book : { ...book, reference: await readCardReference(asked.card) },
    // What is read from a file or a device goes on as messages of our own, which no mapping touches.
    reading: await readingFor(readHere ? {} : asked),
  };
};
