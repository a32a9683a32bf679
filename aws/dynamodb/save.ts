import { withMarksOf } from '../../domain/incident/incident-record.ts';
import type { LedgerChange, PartialFailure, SaveOutcome } from '../../usecases/ports/ledger.ts';
import { type FailureCode, LedgerError } from '../aws-error.ts';
import { inParallel } from '../in-parallel.ts';
import { lastUsed } from '../last-used.ts';
import { changeItems } from './change-items.ts';
import { partitionOf, type TableItem } from './key.ts';
import { readIncidents } from './read-states.ts';
import { putRollups } from './rollups.ts';
import type { LedgerTable } from './table.ts';
import { putState, writeTogether } from './write-state.ts';

/**
 * The index is written anew only where the time that is due lies this far ahead. A move within an index costs two write
 * units, a look at a record that is not due yet half a read unit, a tenth of one's price, once a minute: twenty looks are
 * what a move costs. What is heard all the time is due within a minute and a half, over and over: it never moves.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
const WORTH_A_MOVE_MS = 20 * 60_000;

/** Partitions remembered, a hundred bytes each. */
const MAX_REMEMBERED = 10_000;

/** The lower bounds of due times, ms, that stand in the index as far as is remembered; what is forgotten is written anew. */
type DueBounds = Readonly<{
  seen(partition: string, bound: number | null): void;
  /** What shall stand in the index for a record that is due then, as it is saved at `now`, ms. */
  boundFor(partition: string, dueAt: number | null, now: number): number | null;
}>;

export const createDueBounds = (): DueBounds => {
  const bounds = lastUsed<number>(MAX_REMEMBERED);
  return {
    seen: (partition, bound) => (bound === null ? bounds.forget(partition) : bounds.set(partition, bound)),
    boundFor: (partition, dueAt, now) => {
      if (dueAt === null) return null;
      const bound = bounds.get(partition);
      return bound !== undefined && bound <= dueAt && dueAt < now + WORTH_A_MOVE_MS ? bound : dueAt;
    },
  };
};

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const MAX_ACTIONS = 100;
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** A number takes at most that much. */
const NUMBER_BYTES = 21;

/** What an item of texts, numbers and bytes weighs, by names and values; a little more than the service counts. */
export const itemBytes = (item: TableItem): number =>
  Object.entries(item).reduce(
    (sum, [name, { S, B }]) =>
      sum + Buffer.byteLength(name) + (S === undefined ? (B?.length ?? NUMBER_BYTES) : Buffer.byteLength(S)),
    0,
  );

/** Throws a LedgerError where DynamoDB would refuse the change for its size, however often it were tried. */
const checkLimits = (items: readonly TableItem[]): void => {
  const [state] = items;
  const whose = state?.pk?.S ?? 'a record';
  const refuse = (what: string): never => {
    throw new LedgerError(
      'poison',
      `one change of ${whose} is too large: ${what}; take in fewer messages at once`,
    );
  };
  if (items.length > MAX_ACTIONS) refuse(`${items.length} items, of at most ${MAX_ACTIONS}`);
  const sizes = items.map(itemBytes);
  const heaviest = Math.max(...sizes);
  if (heaviest > MAX_ITEM_BYTES) refuse(`an item of ${heaviest} bytes, of at most ${MAX_ITEM_BYTES}`);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all > MAX_TRANSACTION_BYTES) refuse(`${all} bytes, of at most ${MAX_TRANSACTION_BYTES}`);
};

const AT_ONCE = 16;

/** What fails for one record only, while others may be saved: all else would fail for them as well. */
const OWN_FAILURES: ReadonlySet<string> = new Set<FailureCode>(['throttled', 'poison', 'retry']);

type Saving = Readonly<{
  ledger: LedgerTable;
  /** The table of roll-ups, which only the desk shows; without one they are not kept. */
  historyTable: string | undefined;
  bounds: DueBounds;
  now: () => number;
  patienceMs: number;
}>;

/** A save that failed for some of its changes and not for others; `outcomes` says what became of each. */
class SaveError extends LedgerError implements PartialFailure {
  readonly outcomes: readonly (SaveOutcome | Error)[];

  constructor(first: LedgerError, outcomes: readonly (SaveOutcome | Error)[]) {
    const failed = outcomes.filter((outcome) => outcome instanceof Error).length;
    super(first.code, `${failed} of ${outcomes.length} changes could not be saved`, first.cause);
    this.outcomes = outcomes;
  }
}

/** A change whose incidents hold what was noted of them before: an incident is kept as one item, which is replaced. */
const withNoted = async (ledger: LedgerTable, change: LedgerChange): Promise<LedgerChange> => {
  if (change.kind !== 'cylinder' || change.incidents.length === 0) return change;
  const ids = [...new Set(change.incidents.map(({ id }) => id))];
  const before = await readIncidents(ledger, change.name, ids);
  return {
    ...change,
    incidents: change.incidents.map((incident) => withMarksOf(before.get(incident.id), incident)),
  };
};

/** Saves one change: by a plain write where nothing goes out with it, which costs half of a transaction. */
const saveOne = async (
  { ledger, historyTable, bounds, now }: Saving,
  given: LedgerChange,
): Promise<SaveOutcome> => {
  const change = await withNoted(ledger, given);
  const partition = partitionOf(change);
  const createdAt = now();
  const dueBound = bounds.boundFor(partition, change.record.dueAt, createdAt);
  const items = changeItems(change, { dueBound, createdAt });
  checkLimits([items.state, ...items.notices, ...items.others]);
  const isAlone = items.notices.length + items.others.length === 0;
  // What the state conflicts with is folded anew, and says the same five minutes anew.
  const kept = historyTable === undefined ? null : putRollups({ ...ledger, table: historyTable }, change);
  const outcome = await (isAlone
    ? putState(ledger, items.state, change.expected)
    : writeTogether(ledger, items, change.expected)
  ).finally(() => kept);
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
