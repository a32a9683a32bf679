import { type Advice, explainFailure } from '../run/local-error.ts';

const inUse = (message: string): string => {
  const owner = /\(PID (\d+)\)/.exec(message)?.[1];
  const who = owner === undefined ? 'another process' : `process ${owner}`;
  return `is in use by ${who}: stop that one first, or choose another data folder`;
};

const ADVICES: readonly Advice[] = [
  [/lock on file/i, 'InUse', inUse],
  [
    /not a valid DuckDB database file/i,
    'Unreadable',
    'is not a DuckDB file: move it away, or choose another data folder',
  ],
  [
    /corrupt|checksum|could not read enough bytes/i,
    'Damaged',
    'is damaged or was cut short: put a backup in its place, or move it away and start with --new-store telemetry',
  ],
  [
    /of something else/i,
    'Foreign',
    'is a DuckDB file of something else: move it away, or choose another data folder',
  ],
  [
    /version number/i,
    'OtherVersion',
    'was written by another version of DuckDB: use that version, or choose another data folder',
  ],
  [
    /permission denied|read-only file system|is a directory/i,
    'NotWritable',
    'cannot be written: give yourself write permission, or choose another data folder',
  ],
  [/no such file or directory/i, 'NoFolder', 'is in a folder that does not exist: create the folder first'],
  [
    /no space left|disk quota|file too large|out of disk/i,
    'DiskFull',
    'cannot grow, because the disk is full: free some space and start it again, with --keep-gb if it is to take less',
  ],
];

/** An error of DuckDB as one line that says which store it concerns and what to do; the original is its cause. */
export const duckDbError = (path: string, cause: unknown): Error =>
  explainFailure(`The telemetry store ${path}`, cause, ADVICES);

/** Whether DuckDB refuses everything until the store is opened anew, as after a checkpoint for which the disk was too full. */
export const isFatal = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('FATAL');

/** Whether DuckDB had no memory left for what it was asked, as its one line or the cause of it says. */
export const isShortOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  (/out of memory|failed to (pin|allocate)/i.test(error.message) || isShortOfMemory(error.cause));
