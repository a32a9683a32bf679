import { existsSync, statSync } from 'node:fs';
import type { KnownOutcome } from '../../backtest/challenge/evidence.ts';
import { asIncident, labelIncidents } from '../../backtest/labels/label-incidents.ts';
import { isTelemetryStore, rescored } from '../../backtest/recordings/open-recording.ts';
import type { Scorer } from '../../backtest/recordings/packed-samples.ts';
import type { LabelledSample, RecordedMessage } from '../../backtest/recordings/recording.ts';
import type { KeptRecording } from '../../backtest/tune/try-policy.ts';
import type { TableMap } from '../../edge/recordings/table.ts';
import { filesIn } from '../../local/run/data-folder.ts';
import { openStored, type StoredValues } from '../labels/ask-stored.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Whether a path is what a pipeline stored, and no recording: a telemetry store, a data folder, or an export. */
export const isStored = async (path: string): Promise<boolean> =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true || (await isTelemetryStore(path));

const TIMEOUT_MS = 600_000;

const GATEWAY = 'stored';

type Label = (cylinder: string, t: number) => boolean | null;

const sampleOf = ({ cylinder, t, values, probability }: StoredValues, labelAt: Label): LabelledSample => ({
  cylinder,
  gateway: GATEWAY,
  t,
  boot: null,
  seq: null,
  model: null,
  values,
  probability,
  why: null,
  label: labelAt(cylinder, t),
});

/** The samples of one cylinder as the messages in which they came, in the order of their receipt. */
const messagesOf = (samples: readonly StoredValues[], labelAt: Label): readonly RecordedMessage[] =>
  [...Map.groupBy(samples, ({ receivedAt }) => receivedAt)]
    .toSorted(([a], [b]) => a - b)
    .map(([receivedAt, its]) => ({
      gateway: GATEWAY,
      receivedAt,
      samples: its.map((sample) => sampleOf(sample, labelAt)),
    }));

export type LabelSource = Readonly<{
  /** Labels of a file; null takes what people found when they closed incidents. */
  intervals: TableMap['intervals'] | null;
  /** Faults that no incident told. */
  faults: readonly KnownOutcome[];
  /** Left out on either side of each incident, ms. */
  marginMs: number;
}>;

/**
 * What a pipeline stored as a recording of each cylinder, labelled by what people found, with the scores of its time or
 * those of another model.
 */
export const storedRecordings = async (
  path: string,
  { intervals, faults, marginMs }: LabelSource,
  scorer: Scorer | null,
  onProgress: (text: string) => void,
): Promise<readonly KeptRecording[]> => {
  const isDataFolder = existsSync(filesIn(path).telemetry);
  const line = await openStored(
    {
      data: path,
      ...(isDataFolder ? {} : { input: path }),
      stage: '',
      timeout: TIMEOUT_MS,
      fromMs: 0,
      toMs: Date.UTC(9999, 0),
    },
    true,
  );
  const found = [...(await line.incidents()), ...faults.map(asIncident)];
  if (intervals === null && !found.some(({ outcome }) => outcome === 'fault'))
    throw new UsageError(
      `${path}: no incident was closed with the outcome fault, and --faults names none: there is nothing to detect`,
    );
  const { labelAt } = labelIncidents(found, { marginMs, earlyMs: 0, isRestSound: true });
  const recordings: KeptRecording[] = [];
  for (const cylinder of await line.cylinders()) {
    onProgress(`reading ${cylinder} of ${path}`);
    const samples = await Array.fromAsync(line.samples(cylinder));
    const messages = messagesOf(samples, intervals ?? labelAt);
    recordings.push({
      name: cylinder,
      messages: scorer === null ? messages : rescored(messages, scorer),
    });
  }
  return recordings;
};
