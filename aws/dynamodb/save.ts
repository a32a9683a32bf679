import type { LedgerChange, SaveOutcome } from '../../usecases/ports/ledger.ts';
import { inParallel } from '../in-parallel.ts';
import { changeItems } from './change-items.ts';
import type { DueBounds } from './due-bounds.ts';
import { partitionOf } from './key.ts';
import { checkLimits } from './limits.ts';
import { putState } from './put-state.ts';
import type { LedgerTable } from './table.ts';
import { writeTogether } from './write-together.ts';

const AT_ONCE = 16;

type Saving = Readonly<{ ledger: LedgerTable; bounds: DueBounds; now: () => number }>;

/** Saves one change: by a plain write where nothing goes out with it, which costs half of a transaction. */
const saveOne = async ({ ledger, bounds, now }: Saving, change: LedgerChange): Promise<SaveOutcome> => {
  const partition = partitionOf(change);
  const dueBound = bounds.boundFor(partition, change.record.dueAt);
  const items = changeItems(change, { dueBound, createdAt: now() });
  checkLimits([items.state, ...items.notices, ...items.others]);
  const isAlone = items.notices.length + items.others.length === 0;
  const outcome = await (isAlone
    ? putState(ledger, items.state, change.expected)
    : writeTogether(ledger, items, change.expected));
  if (outcome === 'saved') bounds.seen(partition, dueBound);
  return outcome;
};

/**
 * Saves each change by itself, those of one record one after the other; one outcome for each, in order. Rejects when
 * the service fails for one of them: which of the others were saved is then for their records to tell.
 */
export const saveChanges = async (
  saving: Saving,
  changes: readonly LedgerChange[],
): Promise<readonly SaveOutcome[]> => {
  const ofEach = Map.groupBy(changes.entries(), ([, change]) => partitionOf(change));
  const saved = await inParallel(AT_ONCE, [...ofEach.values()], async (numbered) => {
    const outcomes: (readonly [number, SaveOutcome])[] = [];
    for (const [index, change] of numbered) outcomes.push([index, await saveOne(saving, change)]);
    return outcomes;
  });
  return saved
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, outcome]) => outcome);
};
