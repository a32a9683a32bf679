import { type FailureCode, failureCode } from '../../aws/aws-error.ts';

/** `fail` stops a deploy or what it is for, `warn` is worth knowing or could not be found out. */
export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, and what to do about it where something is to be done. */
export type Finding = Readonly<{ check: string; status: Status; found: string; advice: string | null }>;

/** One thing to look at before a deploy; it may throw whatever its service says. */
export type Check = Readonly<{ name: string; run: () => Promise<readonly Finding[]> }>;

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, advice: null });

const advised =
  (status: Status) =>
  (check: string, found: string, advice: string): Finding => ({ check, status, found, advice });

export const warn = advised('warn');
export const fail = advised('fail');

/** Why AWS did not answer a question, as far as that changes what to do about it. */
export type Trouble = Readonly<{ kind: FailureCode | 'not-listed'; message: string }>;

/** Reads an error of an SDK client, or of the network below it. */
export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof Error)) return { kind: failureCode(error), message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { kind: failureCode(error), message: (error.message || code || error.name).split('\n')[0] ?? '' };
};
