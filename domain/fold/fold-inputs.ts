import type { Command } from '../alarm/commands/command.ts';
import type { CylinderInput } from '../alarm/fold-cylinder.ts';
import { tickCylinder } from '../alarm/liveness/cylinder-liveness.ts';
import type { GatewayState } from '../alarm/liveness/liveness.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import type { PolicyBook } from '../alarm/policy/policy-book.ts';
import { faultsText } from '../alarm/policy/read-policy.ts';
import type { AlarmOutput } from '../alarm/state/output.ts';
import {
  answeredAgain,
  type CommandVerdict,
  policyVerdict,
  verdictIndex,
  verdictOn,
  withVerdict,
} from '../cylinder/command-verdict.ts';
import { type CylinderRecord, policyFor } from '../cylinder/cylinder-record.ts';
import type { Rollup } from '../cylinder/rollup.ts';
import { type IncidentRecord, lastOfEach } from '../incident/incident-record.ts';
import type { Notice } from '../notice/notice.ts';
import { foldRecord, isNotice, type RecordFold, refreshTwin, type TwinRefresh } from './fold-record.ts';

type Overrides = CylinderRecord['overrides'];

/** Overrides as a shadow merges them: what is set stays until it is set anew or taken back with null. */
const merged = (before: NonNullable<Overrides>, added: NonNullable<Overrides>): Overrides => {
  const kept = Object.entries({ ...before, ...added }).filter(([, value]) => value !== null);
  return kept.length === 0 ? null : Object.fromEntries(kept);
};

/**
 * The record of a cylinder under other overrides of the policy (null takes all of them back). Overrides that do not make
 * a policy are refused, and those in force stay.
 */
const foldOverrides = (
  cylinder: string,
  record: CylinderRecord,
  { overrides: added, receivedAt }: Readonly<{ overrides: Overrides; receivedAt: number }>,
  book: PolicyBook,
): CylinderRecord => {
  const overrides = added === null ? null : merged(record.overrides ?? {}, added);
  const reading = book.read(cylinder, overrides ?? {});
  if (reading.ok) return { ...record, overrides, refused: null };
  const words = faultsText(reading.faults);
  return { ...record, refused: { type: 'policy', why: 'policy', words, id: null, at: receivedAt } };
};

type Folded = Readonly<{ record: CylinderRecord; transitions: readonly AlarmOutput[] }>;

type CommandInput = Readonly<{ kind: 'command'; receivedAt: number; command: Command }>;

const IGNORED = 'a command of this kind and time was given before';

const verdictAfter = (
  before: CylinderRecord | null,
  { record, transitions }: Folded,
  { command, receivedAt }: CommandInput,
): CommandVerdict => {
  const incident = command.type === 'maintenance' ? null : (record.alarm.incident?.id ?? null);
  if (transitions.some(({ kind }) => kind === 'refused'))
    return verdictOn(command, receivedAt, {
      result: 'refused',
      words: record.refused?.words ?? '',
      incident,
    });
  return record.alarm.commandAt === before?.alarm.commandAt
    ? verdictOn(command, receivedAt, { result: 'ignored', words: IGNORED, incident })
    : verdictOn(command, receivedAt, { result: 'in-force', incident });
};

const noted = (record: CylinderRecord, verdict: CommandVerdict): CylinderRecord => {
  const lastCommands = withVerdict(record.lastCommands, verdict);
  return lastCommands === record.lastCommands ? record : { ...record, lastCommands };
};

/**
 * Folds a command by `fold` and notes what became of it. One that was answered before is folded as given when it was given first,
 * so that it is not carried out again, and what was said of it then stays.
 */
const foldCommandOnce = <T extends Folded>(
  before: CylinderRecord | null,
  input: CommandInput,
  fold: (input: CommandInput) => T,
): T => {
  const { command, receivedAt } = input;
  const index = before === null ? -1 : verdictIndex(before.lastCommands, command, receivedAt);
  const first = before?.lastCommands[index];
  if (before === null || first === undefined) {
    const folded = fold(input);
    return { ...folded, record: noted(folded.record, verdictAfter(before, folded, input)) };
  }
  const folded = fold({ ...input, command: { ...command, at: first.at } });
  const lastCommands = answeredAgain(before.lastCommands, index, receivedAt);
  const { refused, commands } = before;
  return { ...folded, record: { ...folded.record, refused, commands, lastCommands } };
};

/** The record with what became of overrides of the policy, where they changed it or were refused. */
const noteOverrides = (
  before: CylinderRecord | null,
  record: CylinderRecord,
  { overrides, receivedAt }: Readonly<{ overrides: Overrides; receivedAt: number }>,
): CylinderRecord => {
  const refused = record.refused === before?.refused ? null : record.refused;
  const isSame = JSON.stringify(record.overrides) === JSON.stringify(before?.overrides);
  return refused === null && isSame
    ? record
    : noted(record, policyVerdict(overrides, receivedAt, refused?.words ?? null));
};

/** `gateway`: the one that it was last heard through; while that is silent, the cylinder rests. */
type LivenessInput = Readonly<{
  kind: 'liveness';
  receivedAt: number;
  gateway: GatewayState | null;
  isGatewaySilent: boolean;
}>;

/** All that may happen to a cylinder's record; `receivedAt` in ms by the receiver's clock. */
export type RecordInput =
  | CylinderInput
  /** Fields of the policy for this cylinder alone, set in its twin, or taken back (null). */
  | Readonly<{ kind: 'overrides'; receivedAt: number; overrides: Overrides }>
  /** The sweep for whether it is heard and judged, after its gateway was swept. */
  | LivenessInput;

/** What a batch of inputs made of a record, with the twin's new report where it has one: all of one change of the ledger. */
export type BatchFold = RecordFold & TwinRefresh;

/**
 * How long the silence of a cylinder is not looked at while its gateway is silent. The return of the gateway wakes its
 * cylinders; this is for a return that met the sweep which put one to rest.
 */
const REST_MS = 86_400_000;

const unchanged = (record: CylinderRecord): RecordFold => ({
  record,
  notices: [],
  transitions: [],
  incidents: [],
  rollups: [],
});

/** The sweep of a cylinder for whether it is heard and judged; while its gateway is silent, its own silence rests. */
export const foldLiveness = (
  cylinder: string,
  before: CylinderRecord,
  { gateway, receivedAt: now, isGatewaySilent }: Omit<LivenessInput, 'kind'>,
  policy: Policy,
): RecordFold => {
  const { state: alarm, outputs } = tickCylinder(cylinder, before.alarm, gateway, now, policy);
  const rests = isGatewaySilent ? now + REST_MS : null;
  // One that already rests goes on to.
  const restsUntil = rests !== null && (before.restsUntil ?? 0) > now ? before.restsUntil : rests;
  const notices = outputs.filter(isNotice).map((output) => ({ output, facts: null }));
  const isSame = alarm === before.alarm && restsUntil === before.restsUntil;
  return { ...unchanged(isSame ? before : { ...before, alarm, restsUntil }), notices };
};

const foldOne = (
  cylinder: string,
  before: CylinderRecord | null,
  input: RecordInput,
  book: PolicyBook,
): RecordFold | null => {
  const policy = policyFor(book, cylinder, before);
  switch (input.kind) {
    case 'overrides':
      return before === null ? null : unchanged(foldOverrides(cylinder, before, input, book));
    case 'liveness':
      return before === null ? null : foldLiveness(cylinder, before, input, policy);
    default:
      return foldRecord(cylinder, before, input, policy, book.reference);
  }
};

/** Folds one input, and notes in the record what became of it where it is something that a person asked for. */
const foldNoted = (
  cylinder: string,
  before: CylinderRecord | null,
  input: RecordInput,
  book: PolicyBook,
): RecordFold | null => {
  if (input.kind === 'command') {
    const policy = policyFor(book, cylinder, before);
    return foldCommandOnce(before, input, (command) => foldRecord(cylinder, before, command, policy));
  }
  const fold = foldOne(cylinder, before, input, book);
  if (fold === null || input.kind !== 'overrides') return fold;
  return { ...fold, record: noteOverrides(before, fold.record, input) };
};

/**
 * Folds a batch of inputs into the record of a cylinder, each under the policy that holds for it then, and brings its
 * twin up to date; null where there is no record still. What was refused in a batch stands in its record at the end,
 * whatever was carried out beside it: nobody could see it otherwise.
 */
export const foldInputs = (
  cylinder: string,
  before: CylinderRecord | null,
  inputs: readonly RecordInput[],
  book: PolicyBook,
): BatchFold | null => {
  let record = before;
  let refused: CylinderRecord['refused'] = null;
  const notices: Notice[] = [];
  const transitions: AlarmOutput[] = [];
  const incidents: IncidentRecord[] = [];
  const rollups: Rollup[] = [];
  for (const input of inputs) {
    const fold = foldNoted(cylinder, record, input, book);
    if (fold === null) continue;
    if (fold.record.refused !== record?.refused) refused = fold.record.refused ?? refused;
    record = fold.record;
    notices.push(...fold.notices);
    transitions.push(...fold.transitions);
    incidents.push(...fold.incidents);
    rollups.push(...fold.rollups);
  }
  const last = inputs.at(-1);
  if (record === null || last === undefined) return null;
  const refreshed = refreshTwin(
    refused === null ? record : { ...record, refused },
    last.receivedAt,
    policyFor(book, cylinder, record),
  );
  return { ...refreshed, notices, transitions, incidents: lastOfEach(incidents), rollups };
};
