import { type Advice, explainFailure } from '../run/local-error.ts';

const ADVICES: readonly Advice[] = [
  [/not open|finalized/i, 'Closed', 'is closed'],
  [
    /locked|busy/i,
    'InUse',
    'is in use by another process: stop that one first, or choose another data folder',
  ],
  [
    /newer program/i,
    'NewerVersion',
    'was made by a newer program: use that program, or choose another data folder',
  ],
  [
    /not a database|malformed/i,
    'Unreadable',
    'is not a sound SQLite file: move it away, or choose another data folder',
  ],
  [
    /readonly|read-only|permission|unable to open/i,
    'NotWritable',
    'cannot be written: make sure that its folder exists and that you may write there, or choose another data folder',
  ],
  [
    /full|disk I\/O/i,
    'DiskFull',
    'cannot grow, because the disk is full or fails: free some space and start it again',
  ],
];

/** An error of SQLite as one line that says which file it concerns and what to do; the original is its cause. */
export const sqliteError = (path: string, cause: unknown): Error =>
  explainFailure(`The ledger ${path}`, cause, ADVICES);
