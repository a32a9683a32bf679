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
