import type { Fields } from '../../domain/fields.ts';

/** The twins of a line, for whoever commands them: over a broker's shadow topics, or with AWS. */
export type TwinClient = Readonly<{
  /** What the twin reports and what is desired of it, and when that was asked, ms; null where there is no such cylinder. */
  get(cylinder: string): Promise<Readonly<{ reported: Fields; desired: Fields; now: number }> | null>;
  /** Sets what is desired, and waits until `isAnswer` says yes to what is reported. Rejects when that takes too long. */
  desire(cylinder: string, desired: Fields, isAnswer: (reported: Fields) => boolean): Promise<Fields>;
  close(): Promise<void>;
}>;
