import { resolve } from 'node:path';
import type { OutcomeLog } from '../../backtest/outcome-log.ts';
import type { Tally } from '../../backtest/recordings/recording-tally.ts';
import { isLiveKind, type LiveKind } from '../../edge/gateway/live-source.ts';
import type { TreeChoice } from '../../edge/model/model.ts';
import type { Store } from '../../local/keep/check-stores.ts';
import type { Local } from '../../local/local-options.ts';
import type { ReceiverClock } from '../../local/run/run-time.ts';
import type { RetentionLimits } from '../../local/telemetry/retention.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { DESK_RULES, type DeskOptions } from './desk-options.ts';
import { LISTEN_RULES, type ListenOptions } from './listen-options.ts';
import type { NoticeOptions } from './notice-options.ts';

/** What the person asked of `sentinel run`; what is absent was not asked for. */
export type RunOptions = NoticeOptions &
  ListenOptions &
  DeskOptions &
  Readonly<{
    source: 'simulated' | 'random' | 'csv' | LiveKind | 'none';
    input?: string;
    model?: string;
    trees?: TreeChoice;
    challenger?: string;
    card?: string;
    score?: string;
    map?: string;
    labels?: string;
    policy?: string;
    data?: string;
    newStore?: Store;
    setClockRight?: boolean;
    keepDays?: number;
    /** Bytes. */
    keepGb?: number;
    exportTo?: string;
    cylinders?: number;
    seed?: number;
    speed?: number;
    /** How long to run by the clock on the wall, ms. */
    for?: number;
    untilEnd?: boolean;
    json?: boolean;
  }>;

export const DEFAULT_FOLDER = 'sentinel-data';
/** Of runs whose clock is not the machine's: what they store lies in the future of all others. */
export const SPEED_FOLDER = 'sentinel-data-speed';
export const DEFAULT_CYLINDERS = 6;
export const DEFAULT_SEED = 1;

const KEEP_DAYS = 90;

/** How much of the samples stays: of a recording all, unless something else is asked for. */
export const retentionFor = ({ source, keepDays, keepGb, exportTo }: RunOptions): RetentionLimits | null => {
  if (source === 'csv' && keepDays === undefined && keepGb === undefined) return null;
  return {
    keepDays: keepDays ?? KEEP_DAYS,
    keepBytes: keepGb ?? null,
    exportTo: exportTo === undefined ? null : resolve(exportTo),
  };
};

type Rule = readonly [isBroken: (options: RunOptions) => boolean, message: string];

const isLine = ({ source }: RunOptions): boolean => source === 'simulated' || source === 'random';

const RULES: readonly Rule[] = [
  ...LISTEN_RULES,
  ...DESK_RULES,
  [
    ({ source, input }) => source === 'csv' && input === undefined,
    '--source csv needs the recording: --input FILE',
  ],
  [
    ({ source, model }) => source === 'csv' && model === undefined,
    '--source csv needs the model that fits the recording: --model PATH',
  ],
  [
    ({ source, map, model }) => isLiveKind(source) && (map === undefined || model === undefined),
    'devices are read by a map of where they are, and scored by a model: --map FILE --model PATH',
  ],
  [({ source, input }) => source !== 'csv' && input !== undefined, '--input goes with --source csv'],
  [
    ({ source, untilEnd }) => source !== 'csv' && untilEnd === true,
    '--until-end goes with --source csv: nothing else ends',
  ],
  [
    ({ untilEnd, speed }) => untilEnd === true && speed !== undefined,
    '--until-end reads as fast as it goes: leave out --speed',
  ],
  [
    ({ source, speed = 1 }) => (source === 'none' || isLiveKind(source)) && speed !== 1,
    '--speed is for the simulated line: devices of your own live by the real clock',
  ],
  [
    ({ source, model }) => source === 'none' && model !== undefined,
    '--source none has nothing to score by a model of its own: for devices that send no probability say --score PATH, and leave out --model',
  ],
  [
    ({ source, challenger, score }) => source === 'none' && challenger !== undefined && score === undefined,
    '--challenger is for samples that are scored here: with --source none say --score PATH too, or give it to the gateway, as sentinel edge --challenger',
  ],
  [
    (options) => !isLine(options) && options.cylinders !== undefined,
    '--cylinders is for the simulated line: leave it out, or choose --source simulated or random',
  ],
  [
    (options) => !isLine(options) && options.seed !== undefined,
    '--seed is for the simulated line: leave it out, or choose --source simulated or random',
  ],
  [
    ({ notifyWebhook, notifyWebhookSecretFile }) =>
      notifyWebhookSecretFile !== undefined && notifyWebhook === undefined,
    '--notify-webhook-secret-file goes with --notify-webhook',
  ],
  [
    ({ source, data, notifyCommand, notifyWebhook }) =>
      source === 'csv' && data === undefined && (notifyCommand ?? notifyWebhook) !== undefined,
    '--notify-command and --notify-webhook need a folder that stays, for what could not be told: --data FOLDER',
  ],
  [({ exportTo }) => exportTo === '', '--export-to needs the name of a folder'],
  [
    ({ source, speed = 1, setClockRight }) => setClockRight === true && (source === 'csv' || speed !== 1),
    '--set-clock-right is for runs by the clock of this machine: leave out --speed and --source csv',
  ],
  [
    ({ source, score }) => source === 'csv' && score !== undefined,
    '--score is for messages of devices: leave it out, or choose another --source',
  ],
  [({ source, labels }) => source !== 'csv' && labels !== undefined, '--labels goes with --source csv'],
  [({ data }) => data === '', '--data needs the name of a folder'],
];

/** Throws a UsageError where options contradict each other, or where one needs another. */
export const checkRunOptions = (options: RunOptions): void => {
  for (const [isBroken, message] of RULES) if (isBroken(options)) throw new UsageError(message);
};

/** What feeds a run: `done` settles when all of it was sent and swept. */
export type Feeding = Readonly<{
  description: string;
  /** Whether the run is over when the source is. */
  ends: boolean;
  done: Promise<void>;
  tally?: () => Tally;
}>;

/** How a run will be fed, before anything has been started. */
export type FeedPlan = Readonly<{
  clockFrom: (lastSeenMs: number | null) => ReceiverClock;
  /** What the alarm says is put together here, where the run is summed up at its end. */
  outcome?: OutcomeLog;
  onReceived?: (now: number) => void;
  feed: (local: Local, signal: AbortSignal) => Feeding;
}>;
