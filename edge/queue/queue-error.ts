const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/locked|busy/i, 'is in use by another process: stop that one first, or choose another file'],
  [/newer program/i, 'was made by a newer program: use that program, or choose another file'],
  [
    /readonly|read-only|permission|unable to open/i,
    'cannot be written: make sure that its folder exists and that you may write there, or choose another file',
  ],
  [/full|disk I\/O/i, 'cannot grow, because the disk is full or fails: free some space, then it goes on'],
];

/** An error of SQLite as one line that says which file it concerns and what to do; the original is its cause. */
export const queueError = (path: string, cause: unknown): Error => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return new Error(`The queue ${path} ${advice ?? `failed: ${message}`}.`, { cause });
};

/** Whether SQLite says that the file itself is damaged or none of its own. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && /not a database|malformed/i.test(error.message);
