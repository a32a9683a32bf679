import { type KnownOutcome, withFaults } from '../../backtest/challenge/evidence.ts';
import { readOutcomes, TELLING_OUTCOMES } from '../../backtest/challenge/read-outcomes.ts';
import {
  isTelemetryStore,
  openRecording,
  rescoredMessages,
} from '../../backtest/recordings/open-recording.ts';
import type { Scorer } from '../../backtest/recordings/packed-samples.ts';
import { createMessageGrouping } from '../../backtest/recordings/read-stored-telemetry.ts';
import type { RecordedMessage, Recording } from '../../backtest/recordings/recording.ts';
import type { TableMap } from '../../edge/recordings/table.ts';
import { filesIn } from '../../local/run/data-folder.ts';
import { openStored, type StoredQuestion } from '../labels/ask-stored.ts';
import type { StoredTime } from '../labels/stored-options.ts';
import { stackOf } from '../options/aws-options.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** What both models are tried on, and what is known of it. */
export type OpenedTrial = Readonly<{
  /** As a person knows it: a file, or a stack. */
  place: string;
  messages: Recording['messages'];
  /** What people found, with the faults that are noted elsewhere; nothing where the recording has labels of its own. */
  known: readonly KnownOutcome[];
  close: () => void;
}>;

export type TrialSource = Omit<StoredQuestion, 'fromMs' | 'toMs'> &
  StoredTime &
  Readonly<{
    champion: Scorer | null;
    /** Whether only what a model on trial scored at the gateway is wanted. */
    isTried: boolean;
    map?: TableMap;
    faults: readonly KnownOutcome[];
    onRead: (rows: number) => void;
  }>;

const BATCH = 1000;

const openStack = async (source: TrialSource): Promise<OpenedTrial> => {
  const { from, to, champion, isTried, faults } = source;
  const line = await openStored({ ...source, fromMs: from, toMs: to }, false);
  async function* stored(): AsyncGenerator<readonly RecordedMessage[], void> {
    const grouping = createMessageGrouping();
    let batch: RecordedMessage[] = [];
    for await (const sample of line.received(isTried)) {
      batch.push(...grouping.add(sample));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield [...batch, ...grouping.end()];
  }
  const found = (await line.incidents()).flatMap(({ cylinder, beganAt, endedAt, outcome }) =>
    outcome !== null && TELLING_OUTCOMES.includes(outcome)
      ? [{ cylinder, fromMs: beganAt, toMs: endedAt ?? beganAt, outcome }]
      : [],
  );
  return {
    place: `the stack ${stackOf(source)}`,
    messages: champion === null ? stored : () => rescoredMessages({ messages: stored }, champion),
    known: withFaults(found, faults),
    close: () => undefined,
  };
};

/** Those samples of a recording that are of the time and the cylinder that are meant. */
const within = ({ messages }: Recording, { from, to, cylinder }: StoredTime): Recording['messages'] =>
  async function* () {
    for await (const batch of messages())
      yield batch.map((message) => ({
        ...message,
        samples: message.samples.filter(
          (sample) =>
            sample.t >= from && sample.t < to && (cylinder === undefined || sample.cylinder === cylinder),
        ),
      }));
  };

const openFile = async (file: string, source: TrialSource): Promise<OpenedTrial> => {
  const { champion, map, faults, onRead } = source;
  const isStore = await isTelemetryStore(file);
  if (faults.length > 0 && !isStore)
    throw new UsageError('--faults goes with what a pipeline stored: a recording takes --labels');
  const opened = await openRecording(file, champion, onRead, map);
  if (!opened.ok) throw new UsageError(opened.message);
  const { recording } = opened;
  return {
    place: file,
    messages: within(recording, source),
    known: isStore ? withFaults(await readOutcomes(file), faults) : [],
    close: recording.close,
  };
};

/** Opens what both models are tried on: what a pipeline or a stack stored, or a recording. */
export const openTrial = async (source: TrialSource): Promise<OpenedTrial> => {
  if (source.from >= source.to) throw new UsageError('--from has to be before --to');
  if (source.aws !== true && source.stack !== undefined) throw new UsageError('--stack goes with --aws');
  if (source.aws !== true) return await openFile(source.input ?? filesIn(source.data).telemetry, source);
  if (source.input !== undefined) throw new UsageError('--aws asks the store of a stack: leave out --input');
  return await openStack(source);
};
