/** `fail` stops a deploy or what it is for, `warn` is worth knowing or could not be found out. */
export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, and what to do about it where something is to be done. */
export type Finding = Readonly<{ check: string; status: Status; found: string; advice: string | null }>;

/** One thing to look at before a deploy; it may throw whatever its service says. */
export type Check = Readonly<{ name: string; run: () => Promise<readonly Finding[]> }>;

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, advice: null });

export const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'warn',
  found,
  advice,
});

export const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'fail',
  found,
  advice,
});
