const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/not open|finalized/i, 'is closed'],
  [/locked|busy/i, 'is in use by another process: stop that one first, or choose another data folder'],
  [/newer program/i, 'was made by a newer program: use that program, or choose another data folder'],
  [/not a database|malformed/i, 'is not a sound SQLite file: move it away, or choose another data folder'],
  [
    /readonly|read-only|permission|unable to open/i,
    'cannot be written: make sure that its folder exists and that you may write there, or choose another data folder',
  ],
  [/full|disk I\/O/i, 'cannot grow, because the disk is full or fails: free some space and start it again'],
];

/** An error of SQLite as one line that says which file it concerns and what to do; the original is its cause. */
export const sqliteError = (path: string, cause: unknown): Error => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return new Error(`The ledger ${path} ${advice ?? `failed: ${message}`}.`, { cause });
};
