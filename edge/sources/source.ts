import type { SensorValues } from '../../domain/message/sample.ts';

/** What the sensors of one cylinder said at one time, before any model has seen it. */
export type SourceSample = Readonly<{
  cylinder: string;
  /** ms since the epoch. */
  t: number;
  values: SensorValues;
  /** Whether the cylinder was truly abnormal; null where nobody knows. */
  label: boolean | null;
}>;

/**
 * Where samples come from, in batches of any size, each cylinder's in the order of time. A source does not wait for
 * the time of its samples: who reads it does. An error that it throws ends it.
 */
export type Source = Iterable<readonly SourceSample[]> | AsyncIterable<readonly SourceSample[]>;

/** What befalls a source while it runs. */
export type SourceEvent =
  /** Something in it was not understood and skipped; `reason` is what such faults are counted by. */
  | Readonly<{ kind: 'bad-line'; source: string; reason: string; message: string }>
  /** It failed and gives no more samples; others go on. */
  | Readonly<{ kind: 'failed'; source: string; message: string }>;

export type OnSourceEvent = (event: SourceEvent) => void;
