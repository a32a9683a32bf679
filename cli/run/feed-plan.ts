import type { OutcomeLog } from '../../backtest/outcome-log.ts';
import type { Tally } from '../../backtest/recordings/recording-tally.ts';
import type { Local } from '../../local/main.ts';
import type { ReceiverClock } from '../../local/run/receiver-clock.ts';

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
