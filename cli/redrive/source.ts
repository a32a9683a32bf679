import type { Reading } from './reading.ts';

/** One thing that is kept somewhere until it is put back. */
export type Item = Readonly<{
  name: string;
  reading: Reading;
  /** Takes it from where it is kept, once it is back. */
  remove(): Promise<void>;
}>;

/** Where things are kept that failed. */
export type Source = Readonly<{
  /** All that is there now, each once. What is not removed stays. */
  items(): AsyncIterable<Item>;
  /** Leaves the place as others expect it. */
  close(): Promise<void>;
}>;
