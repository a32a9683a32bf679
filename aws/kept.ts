/** Something that is kept somewhere until it is put back. */
export type KeptItem = Readonly<{
  name: string;
  text: string;
  /** When it was put there, ms since the epoch. */
  keptAt: number;
  /** Takes it from where it is kept, once it is back. */
  remove(): Promise<void>;
}>;

/** Where things are kept that failed. */
export type Kept = Readonly<{
  /** All that is there now, each once. What is not removed stays. */
  items(): AsyncIterable<KeptItem>;
  /** Leaves the place as others expect it. */
  close(): Promise<void>;
}>;
