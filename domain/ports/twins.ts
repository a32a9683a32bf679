import type { TwinReport } from '../twin/twin-report.ts';

/** The device shadows named `twin`. */
export type Twins = Readonly<{
  /** Makes the twin's reported state say what the report says; idempotent. */
  report(cylinder: string, twin: TwinReport): Promise<void>;
}>;
