import type { LedgerChange, PartialFailure, SaveOutcome } from '../../usecases/ports/ledger.ts';
import { type FailureCode, LedgerError } from '../aws-error.ts';
import { inParallel } from '../in-parallel.ts';
import { changeItems } from './change-items.ts';
import type { DueBounds } from './due-bounds.ts';
import { partitionOf } from './key.ts';
import { checkLimits } from './limits.ts';
import { putState } from './put-state.ts';
import type { LedgerTable } from './table.ts';
import { writeTogether } from './write-together.ts';

const AT_ONCE = 16;

/** What fails for one record only, while others may be saved: all else would fail for them as well. */
const OWN_FAILURES: ReadonlySet<string> = new Set<FailureCode>(['throttled', 'poison', 'retry']);

type Saving = Readonly<{ ledger: LedgerTable; bounds: DueBounds; now: () => number; patienceMs: number }>;

/** A save that failed for some of its changes and not for others; `outcomes` says what became of each. */
class SaveError extends LedgerError implements PartialFailure {
  readonly outcomes: readonly (SaveOutcome | Error)[];

  constructor(first: LedgerError, outcomes: readonly (SaveOutcome | Error)[]) {
    const failed = outcomes.filter((outcome) => outcome instanceof Error).length;
    super(first.code, `${failed} of ${outcomes.length} changes could not be saved`, first.cause);
    this.outcomes = outcomes;
  }
}

/** Saves one change: by a plain write where nothing goes out with it, which costs half of a transaction. */
const saveOne = async ({ ledger, bounds, now }: Saving, change: LedgerChange): Promise<SaveOutcome> => {
  const partition = partitionOf(change);
  const createdAt = now();
  const dueBound = bounds.boundFor(partition, change.record.dueAt, createdAt);
  const items = changeItems(change, { dueBound, createdAt });
  checkLimits([items.state, ...items.notices, ...items.others]);
  const isAlone = items.notices.length + items.others.length === 0;
  const outcome = await (isAlone
    ? putState(ledger, items.state, change.expected)
    : writeTogether(ledger, items, change.expected));
  if (outcome === 'saved') bounds.seen(partition, dueBound);
  return outcome;
};

/** Saves the changes of one record one after the other; after one that failed for itself the later ones fail with it. */
const saveInOrder = async (saving: Saving, changes: readonly LedgerChange[]) => {
  const outcomes: (SaveOutcome | LedgerError)[] = [];
  for (const change of changes) {
    const before = outcomes.at(-1);
    if (before instanceof LedgerError) {
      outcomes.push(before);
      continue;
    }
    outcomes.push(
      await saveOne(saving, change).catch((error: unknown) => {
        if (error instanceof LedgerError && OWN_FAILURES.has(error.code)) return error;
        throw error;
      }),
    );
  }
  return outcomes;
};

/**
 * Saves each change by itself, those of one record one after the other; one outcome for each, in order. Rejects when
 * the service fails: with a SaveError where that is known of each change, else it is for the records to tell.
 */
export const saveChanges = async (
  { ledger, patienceMs, ...rest }: Saving,
  changes: readonly LedgerChange[],
): Promise<readonly SaveOutcome[]> => {
  const until = rest.now() + patienceMs;
  const saving = { ...rest, patienceMs, ledger: { ...ledger, isLate: () => rest.now() >= until } };
  const ofEach = Map.groupBy(changes.entries(), ([, change]) => partitionOf(change));
  const saved = await inParallel(AT_ONCE, [...ofEach.values()], async (numbered) => {
    const outcomes = await saveInOrder(
      saving,
      numbered.map(([, change]) => change),
    );
    return numbered.map(([index], place) => [index, outcomes[place] ?? 'conflict'] as const);
  });
  const outcomes = saved
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, outcome]) => outcome);
  return outcomes.map((outcome) => {
    if (outcome instanceof LedgerError)
      throw outcomes.every((one) => one instanceof LedgerError) ? outcome : new SaveError(outcome, outcomes);
    return outcome;
  });
};
