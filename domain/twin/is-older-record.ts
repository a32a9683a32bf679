/** Which save of a record something was made of: its version, and when it was saved, ms, where that is known. */
export type RecordSave = Readonly<{ version: number; savedAt?: number | undefined }>;

/** How far the clocks of two that save the same record one after the other may lie apart; those of AWS do by far less. */
const CLOCKS_APART_MS = 5000;

/**
 * Whether a record was saved before another one of the same name. A version counts within one ledger only: a ledger
 * that is set up anew, or restored from a backup, counts from a lower one and goes on later. So the time of the save goes
 * before the version, which decides between saves so close that two clocks could tell them the wrong way round.
 */
export const isOlderRecord = (save: RecordSave, other: RecordSave): boolean => {
  // Only a program from before the time was noted leaves it out: what that one showed is older than what says the time.
  if (save.savedAt !== undefined && other.savedAt === undefined) return false;
  const laterMs = (save.savedAt ?? 0) - (other.savedAt ?? 0);
  const isTold = save.savedAt !== undefined && Math.abs(laterMs) > CLOCKS_APART_MS;
  return isTold ? laterMs < 0 : save.version < other.version;
};
