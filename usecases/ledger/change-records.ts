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
import type { CylinderChange, Freshness, GatewayChange, LedgerPorts, Versioned } from '../ports/ledger.ts';
import { courseEvents } from './course-events.ts';
import { saveUntilSettled } from './save-until-settled.ts';

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
