import { type GatewayState, recordHeartbeat } from '../../domain/alarm/liveness/liveness.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import {
  type CylinderRecord,
  type GatewayRecord,
  heardRecord,
} from '../../domain/cylinder/cylinder-record.ts';
import { isSame } from '../../domain/fields.ts';
import { type BatchFold, foldInputs, type RecordInput } from '../../domain/fold/fold-inputs.ts';
import { CANARY } from '../../domain/message/topic.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';
import type {
  CylinderChange,
  Freshness,
  GatewayChange,
  Ledger,
  LedgerChange,
  LedgerPorts,
  SaveOutcome,
  Versioned,
} from '../ports/ledger.ts';
import { courseEvents } from './course-events.ts';

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

/** A message of which nothing was understood makes no cylinder known. */
const isEmpty = (input: RecordInput): boolean => input.kind === 'samples' && input.samples.length === 0;

/** All of a record but for what a delivery once more always changes: how often samples came late, and when it was seen to. */
const lasting = ({ alarm, twinAt, twinKey, dueAt, ...rest }: CylinderRecord) => {
  const { judging } = alarm;
  const uncounted = { ...judging, unjudged: { ...judging.unjudged, late: 0 } };
  return { ...rest, alarm: { ...alarm, judging: uncounted, lateSamples: 0 } };
};

/** Whether a message came no later than the last one that was folded, as one does that is delivered once more. */
const isRepeated = (input: RecordInput, { alarm }: CylinderRecord): boolean =>
  input.kind === 'samples' && input.receivedAt <= (alarm.liveness?.lastHeardAt ?? Number.NEGATIVE_INFINITY);

/** Whether a fold says anything that the ledger does not hold already: what only repeats it is not saved again. */
const isNews = (before: CylinderRecord, fold: BatchFold, inputs: readonly RecordInput[]): boolean => {
  if (fold.transitions.length + fold.notices.length > 0) return true;
  const samples = inputs.filter(({ kind }) => kind === 'samples');
  if (samples.length === 0) return !isSame(before, fold.record);
  // Samples that were not folded before always change something; comparing what they made would cost more than to save it.
  return (
    !samples.every((input) => isRepeated(input, before)) || !isSame(lasting(before), lasting(fold.record))
  );
};

/** Folds the inputs of one cylinder into a change of the ledger, or null where they change nothing. */
const changeOf = (
  name: string,
  before: Versioned<CylinderRecord> | undefined,
  inputs: readonly RecordInput[],
  policies: PolicyBook,
): CylinderChange | null => {
  if (before === undefined && inputs.every(isEmpty)) return null;
  const fold = foldInputs(name, before?.record ?? null, inputs, policies);
  if (fold === null) return null;
  if (before !== undefined && !isNews(before.record, fold, inputs)) return null;
  const course = courseEvents(name, before?.record ?? null, fold.record, fold.transitions);
  const change: CylinderChange = { kind: 'cylinder', name, expected: before?.version ?? 0, ...fold, course };
  // Of the canary only what is on the way to its notice: a round every few minutes would fill the ledger for good.
  return name === CANARY ? { ...change, twin: null, incidents: [], rollups: [], course: [] } : change;
};

/**
 * Folds inputs into the records of the cylinders named, and saves each with all that goes out because of it. A cylinder
 * that somebody else saved meanwhile is read and folded again. `first` is how they are read before that: as they were a
 * moment ago does where an older record that says nothing is to be done says so of all later ones too.
 */
export const changeCylinders = (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  inputsOf: (name: string, before: Versioned<CylinderRecord> | undefined) => readonly RecordInput[],
  first: Freshness = 'latest',
): Promise<void> =>
  saveUntilSettled(ledger, names, async (left, freshness) => {
    const records = await ledger.cylinders(left, first === 'latest' ? first : freshness);
    return left.flatMap(
      (name) => changeOf(name, records.get(name), inputsOf(name, records.get(name)), policies) ?? [],
    );
  });

/** The notices among what a gateway's fold says. */
export const noticesIn = (outputs: readonly AlarmOutput[]): readonly Notice[] =>
  outputs.flatMap((output) => (output.kind === 'notice' ? [{ output, facts: null }] : []));

/**
 * `heardEveryMs`: a gateway heard again sooner than this is not saved anew, where saves cost (default 0): the records
 * of its cylinders know it, and a sweep asks them before it tells silence.
 */
export type HeardPorts = LedgerPorts & Readonly<{ heardEveryMs?: number }>;

/** When a gateway was heard, ms, and whether it was by nothing that is noted of a cylinder too. */
export type Heartbeat = Readonly<{ receivedAt: number; isAlone: boolean }>;

/**
 * Whether a gateway is known otherwise now, or was heard long enough after it was saved. What is offline or flaps is
 * followed closely: since when it is heard without a pause says nothing before.
 */
const isWorthSaving = (before: GatewayState | null, after: GatewayState, heardEveryMs: number): boolean =>
  before === null ||
  after.offline !== null ||
  before.offline !== null ||
  after.lastHeardAt - before.lastHeardAt >= heardEveryMs;

const heardChange = (
  name: string,
  before: Versioned<GatewayRecord> | undefined,
  heartbeats: readonly Heartbeat[],
  { policies, heardEveryMs = 0 }: HeardPorts,
): GatewayChange | null => {
  const known: GatewayState | null = before?.record ?? null;
  let state = known;
  const notices: Notice[] = [];
  for (const { receivedAt } of heartbeats) {
    const fold = recordHeartbeat(name, state, receivedAt, policies.default);
    state = fold.state;
    notices.push(...noticesIn(fold.outputs));
  }
  if (state === null || state === known) return null;
  const isAlone = heartbeats.some((heartbeat) => heartbeat.isAlone);
  if (!isWorthSaving(known, state, isAlone ? 0 : heardEveryMs)) return null;
  const record = heardRecord(before?.record ?? null, state, policies.default);
  return { kind: 'gateway', name, expected: before?.version ?? 0, record, notices };
};

/** Notes when each gateway was heard, in the order in which its messages came. */
export const changeGateways = (
  ports: HeardPorts,
  heard: ReadonlyMap<string, readonly Heartbeat[]>,
): Promise<void> =>
  saveUntilSettled(ports.ledger, [...heard.keys()], async (left, freshness) => {
    const records = await ports.ledger.gateways(left, freshness);
    return left.flatMap((name) => heardChange(name, records.get(name), heard.get(name) ?? [], ports) ?? []);
  });
