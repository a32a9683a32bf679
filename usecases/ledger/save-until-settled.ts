import { SentinelError } from '../../domain/sentinel-error.ts';
import type { Freshness, Ledger, LedgerChange, SaveOutcome } from '../ports/ledger.ts';

/** How often a change is made anew because somebody else saved first, before it is given up for a retry. */
const ATTEMPTS = 10;

/** Some could not be changed, each for its own reason; all others were. */
export class UnsettledError extends SentinelError {
  override name = 'UnsettledError';
  readonly failures: ReadonlyMap<string, Error>;

  constructor(failures: ReadonlyMap<string, Error>) {
    const names = [...failures.keys()].join(', ');
    super('retry', `the ledger did not take what became of ${names}`, [...failures.values()][0]);
    this.failures = failures;
  }
}

/** The names that an error concerns, where it concerns some only. */
export const namesIn = (error: unknown): ReadonlyMap<unknown, unknown> =>
  error instanceof Error && 'names' in error && error.names instanceof Map ? error.names : new Map();

/** What becomes of the names by their records; `latest` once somebody else saved one of them meanwhile. */
type ChangesFor = (names: readonly string[], freshness: Freshness) => Promise<readonly LedgerChange[]>;

/** The changes for the names; those that could not be read are left out, and noted with the reason. */
const changesForEach = async (
  names: readonly string[],
  freshness: Freshness,
  changesFor: ChangesFor,
  failures: Map<string, Error>,
): Promise<readonly LedgerChange[]> => {
  try {
    return names.length === 0 ? [] : await changesFor(names, freshness);
  } catch (error) {
    const unread = namesIn(error);
    const left = names.filter((name) => !unread.has(name));
    if (left.length === names.length) throw error;
    for (const [name, reason] of unread) if (reason instanceof Error) failures.set(String(name), reason);
    return await changesForEach(left, freshness, changesFor, failures);
  }
};

const saveEach = async (
  ledger: Ledger,
  changes: readonly LedgerChange[],
): Promise<readonly (SaveOutcome | Error)[]> => {
  if (changes.length === 0) return [];
  try {
    return await ledger.save(changes);
  } catch (error) {
    if (!(error instanceof Error && 'outcomes' in error && Array.isArray(error.outcomes))) throw error;
    const outcomes: readonly unknown[] = error.outcomes;
    return changes.map((_, index) => {
      const outcome = outcomes[index];
      return outcome === 'saved' || outcome === 'conflict' || outcome instanceof Error ? outcome : error;
    });
  }
};

/**
 * Saves what `changesFor` makes of the names, and makes it anew for those that somebody else saved meanwhile. Rejects
 * when the ledger fails, or when a name stays contended: with an UnsettledError where it failed for some only, once
 * all others are saved.
 */
export const saveUntilSettled = async (
  ledger: Ledger,
  names: readonly string[],
  changesFor: ChangesFor,
): Promise<void> => {
  const failures = new Map<string, Error>();
  let left = names;
  for (let attempt = 1; attempt <= ATTEMPTS && left.length > 0; attempt += 1) {
    const changes = await changesForEach(left, attempt === 1 ? 'recent' : 'latest', changesFor, failures);
    const outcomes = await saveEach(ledger, changes);
    for (const [index, { name }] of changes.entries()) {
      const outcome = outcomes[index];
      if (outcome instanceof Error) failures.set(name, outcome);
    }
    left = changes.filter((_, index) => outcomes[index] === 'conflict').map(({ name }) => name);
    if (left.length > 0 && attempt < ATTEMPTS) await ledger.pause?.(attempt);
  }
  for (const name of left) failures.set(name, new Error(`the ledger stays contended for ${name}`));
  if (failures.size > 0) throw new UnsettledError(failures);
};
