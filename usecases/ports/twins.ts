import type { Fields } from '../../domain/fields.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';

/** The device shadows named `twin`. */
export type Twins = Readonly<{
  /**
   * Makes the twin's reported state say what the report says; idempotent. `version` is that of the record it was made
   * of, `savedAt` when that was saved, ms: a report made of an older record than the twin already shows is left out
   * (`isOlderRecord`). The commands whose answer is among its
   * `lastCommands` are cleared from what is desired in one with it, unless something else was desired meanwhile.
   */
  report(cylinder: string, twin: TwinReport, version: number, savedAt?: number): Promise<void>;
}>;

/** The twins of a line, for whoever commands them: over a broker's shadow topics, or with AWS. */
export type TwinClient = Readonly<{
  /** What the twin reports and what is desired of it, and when that was asked, ms; null where there is no such cylinder. */
  get(cylinder: string): Promise<Readonly<{ reported: Fields; desired: Fields; now: number }> | null>;
  /** Sets what is desired, and waits until `isAnswer` says yes to what is reported. Rejects when that takes too long. */
  desire(cylinder: string, desired: Fields, isAnswer: (reported: Fields) => boolean): Promise<Fields>;
  close(): Promise<void>;
}>;
