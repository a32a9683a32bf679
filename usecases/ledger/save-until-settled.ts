import type { Ledger, LedgerChange } from '../ports/ledger.ts';

/** How often a change is made anew because somebody else saved first, before the whole is given up for a retry. */
const ATTEMPTS = 10;

/**
 * Saves what `changesFor` makes of the names, and makes it anew for those that somebody else saved meanwhile. Rejects
 * when the ledger fails, or when a name stays contended.
 */
export const saveUntilSettled = async (
  ledger: Ledger,
  names: readonly string[],
  changesFor: (names: readonly string[]) => Promise<readonly LedgerChange[]>,
): Promise<void> => {
  let left = names;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
    const changes = await changesFor(left);
    const outcomes = changes.length === 0 ? [] : await ledger.save(changes);
    left = changes.filter((_, index) => outcomes[index] === 'conflict').map(({ name }) => name);
  }
  if (left.length > 0) throw new Error(`the ledger stays contended for ${left.join(', ')}`);
};
