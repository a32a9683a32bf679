import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';

/** A message that was not understood, wholly or in part, with its original bytes. */
export type QuarantineRecord = Readonly<{ raw: RawMessage; rejections: readonly Rejection[] }>;

/** Where what was not understood is kept until a person looks at it. */
export type Quarantine = Readonly<{
  /** Keeps the records durably; the same message kept twice is kept once. Rejects when the service fails. */
  put(records: readonly QuarantineRecord[]): Promise<void>;
}>;
