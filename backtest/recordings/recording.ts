import type { Sample } from '../../domain/message/sample.ts';

/** A scored sample, and whether its cylinder was truly abnormal then; null where it is not labelled. */
export type LabelledSample = Sample & Readonly<{ label: boolean | null }>;

/** One message of a recording as it was first received. */
export type RecordedMessage = Readonly<{
  gateway: string;
  /** By the receiver's clock, ms since the epoch. */
  receivedAt: number;
  samples: readonly LabelledSample[];
}>;

/** A recording to be backtested: its messages in the order in which they were received, in batches of any size. */
export type Recording = Readonly<{
  /** As the person named the file. */
  file: string;
  /** How many samples there are. */
  samples: number;
  messages: () => Iterable<readonly RecordedMessage[]> | AsyncIterable<readonly RecordedMessage[]>;
  close: () => void;
}>;

export type OpenedRecording =
  | Readonly<{ ok: true; recording: Recording }>
  | Readonly<{ ok: false; message: string }>;
