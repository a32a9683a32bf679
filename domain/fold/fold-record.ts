import { boundedText, type Command } from '../alarm/commands/command.ts';
import { type CylinderInput, foldCylinder } from '../alarm/fold-cylinder.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import { type AlarmOutput, isOpenCondition, type NoticeOutput } from '../alarm/state/output.ts';
import { refusalWords } from '../cylinder/command-verdict.ts';
import type { CylinderRecord, Refusal } from '../cylinder/cylinder-record.ts';
import type { Rollup } from '../cylinder/rollup.ts';
import { countSlots } from '../cylinder/statistics.ts';
import { levelToCome } from '../forecast/forecast.ts';
import { type IncidentRecord, incidentRecordOf } from '../incident/incident-record.ts';
import type { DriftReference } from '../model/histogram.ts';
import { gatherFacts } from '../notice/gather-facts.ts';
import type { Notice } from '../notice/notice.ts';
import { buildTwin, type TwinReport, twinKeyOf } from '../twin/build-twin.ts';
import { cylinderDueAt, isAlarmAhead } from './due-at.ts';
import { type Marked, markIncident } from './mark-incident.ts';
import { driftNotice, type Noted, noteSamples, withForecast } from './note-samples.ts';

/** What one input made of a cylinder's record, and all that has to go out because of it. */
export type RecordFold = Readonly<{
  record: CylinderRecord;
  notices: readonly Notice[];
  transitions: readonly AlarmOutput[];
  incidents: readonly IncidentRecord[];
  /** The five minutes that are over. */
  rollups: readonly Rollup[];
}>;

/** How often the twin is written while nothing changes that people act upon, ms. */
export const TWIN_EVERY_MS = 300_000;

const EMPTY: Omit<CylinderRecord, 'alarm'> = {
  statistics: null,
  commands: {},
  refused: null,
  lastCommands: [],
  overrides: null,
  twinAt: 0,
  twinKey: '',
  dueAt: null,
  restsUntil: null,
};

const refusalIn = (outputs: readonly AlarmOutput[], command: Command, policy: Policy): Refusal | null => {
  const refused = outputs.findLast((output) => output.kind === 'refused');
  if (refused === undefined) return null;
  const { type, why, at } = refused;
  const id = typeof command.id === 'string' ? boundedText(command.id) : null;
  return { type, why, words: refusalWords(why, type, policy), id, at };
};

/** A command in force as its twin shows it: under its name, as it was asked; a shelf taken back takes its command with it. */
const commandsOf = ({
  type,
  by,
  reason,
  until,
  comment,
  outcome,
  mode,
  at,
  incident,
  id,
}: Command): CylinderRecord['commands'] => {
  const said = Object.entries({ by, reason, until, comment, outcome, mode, at, incident, id }).flatMap(
    ([key, value]) => {
      if (typeof value === 'string') return [[key, boundedText(value)]];
      return typeof value === 'number' ? [[key, value]] : [];
    },
  );
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(said);
  return type === 'unshelve' ? { unshelve: fields, shelve: null } : { [String(type)]: fields };
};

const isTransition = ({ kind }: AlarmOutput): boolean =>
  kind === 'condition' || kind === 'severity' || kind === 'refused';

export const isNotice = (output: AlarmOutput): output is NoticeOutput => output.kind === 'notice';

/** Folds one input into the record of a cylinder: its alarm by the rules, and what people want to know besides. */
export const foldRecord = (
  cylinder: string,
  before: CylinderRecord | null,
  input: CylinderInput,
  policy: Policy,
  reference?: DriftReference,
): RecordFold => {
  const fold = foldCylinder(cylinder, before?.alarm ?? null, input, policy);
  const { state: alarm, outputs, replaced, evaluated } = fold;
  const {
    statistics: noted,
    rollups,
    drifts,
  }: Noted = input.kind === 'samples'
    ? noteSamples(before, input, policy, reference)
    : { statistics: before?.statistics ?? null, rollups: [], drifts: [] };
  const statistics =
    noted === null || evaluated.length === 0
      ? noted
      : withForecast(
          countSlots(noted, evaluated, policy),
          noted.hour.newest,
          [before?.alarm ?? null, alarm],
          policy,
        );
  // The same command once more is ignored by the alarm, and leaves what was said of it the first time.
  const isNews =
    input.kind === 'command' && (alarm.commandAt !== before?.alarm.commandAt || outputs.length > 0);
  const refusal = input.kind === 'command' ? refusalIn(outputs, input.command, policy) : null;
  const commands = isNews && refusal === null ? commandsOf(input.command) : {};
  const record: CylinderRecord = {
    ...(before ?? EMPTY),
    alarm,
    statistics,
    // It is heard of again, or nothing has changed about its silence.
    restsUntil: alarm.lastSeenAt === before?.alarm.lastSeenAt ? before.restsUntil : null,
    commands: { ...before?.commands, ...commands },
    // A command that is obeyed answers the refusal before it.
    refused: isNews ? refusal : (before?.refused ?? null),
  };
  const touchesIncident = input.kind === 'command' || outputs.some(({ kind }) => kind !== 'late');
  const commandAt = input.kind === 'command' ? input.receivedAt : null;
  const marked: Marked = { before: before?.alarm ?? null, commandAt, alarm, statistics, outputs, policy };
  const touched = [...replaced, ...(touchesIncident && alarm.incident !== null ? [alarm.incident] : [])];
  return {
    record,
    notices: [
      ...outputs.filter(isNotice).map((output) => {
        const incident = 'incident' in output ? output.incident : null;
        const facts = gatherFacts(incident, alarm, statistics);
        const next = statistics === null || incident === null ? null : levelToCome(alarm, statistics, policy);
        return { output, facts: facts === null || next === null ? facts : { ...facts, forecast: next } };
      }),
      ...drifts.map((event) => ({
        output: driftNotice(cylinder, alarm.gateway ?? '', event, input.receivedAt),
        facts: null,
      })),
    ],
    transitions: outputs.filter(isTransition),
    incidents: touched.map((incident) =>
      incidentRecordOf(cylinder, incident, alarm, markIncident(incident, marked)),
    ),
    rollups,
  };
};

const withDue = (record: CylinderRecord, now: number, policy: Policy): CylinderRecord => {
  const dueAt = cylinderDueAt(record, now, policy);
  return dueAt === record.dueAt ? record : { ...record, dueAt };
};

/**
 * The twin's new report, if any. Where it says nothing new that people act upon, `refreshed` says with which
 * `staleAfterMs` it can be made anew of the record, as of its `twinAt`.
 */
export type TwinRefresh = Readonly<{
  twin: TwinReport | null;
  refreshed?: Readonly<{ staleAfterMs: number }>;
}>;

/**
 * The twin's new report where what people act upon has changed or its time has come, with the record that notes it and
 * when it is due next: the last step of every change.
 */
export const refreshTwin = (
  record: CylinderRecord,
  now: number,
  policy: Policy,
): Readonly<{ record: CylinderRecord }> & TwinRefresh => {
  const twinKey = twinKeyOf(record, now, policy.staleAfterMs);
  const isDue = twinKey !== record.twinKey || Math.abs(now - record.twinAt) >= TWIN_EVERY_MS;
  if (!isDue) return { record: withDue(record, now, policy), twin: null };
  return {
    record: withDue({ ...record, twinAt: now, twinKey }, now, policy),
    twin: buildTwin(record, now, policy.staleAfterMs),
    ...(twinKey === record.twinKey ? { refreshed: { staleAfterMs: policy.staleAfterMs } } : {}),
  };
};

/**
 * Whether a tick at `now`, ms, would only begin anew to count what was evaluated since the last one, as nearly every tick
 * does. Said of a record as it was folded last under this very policy, by what costs little to look at.
 */
export const isQuietAt = (record: CylinderRecord, now: number, policy: Policy): boolean => {
  const { alarm, dueAt, twinAt, restsUntil } = record;
  const { condition, notified, unnotified, shelf, maintenance, lastSeenAt, liveness, judging } = alarm;
  const isWatched =
    liveness !== null && liveness.offline === null && judging.unwatched === null && lastSeenAt !== null;
  const isSettled =
    !isOpenCondition(condition) &&
    notified === null &&
    unnotified === null &&
    shelf === null &&
    maintenance === null;
  return (
    isWatched &&
    isSettled &&
    restsUntil === null &&
    dueAt !== null &&
    dueAt > now &&
    now - lastSeenAt < policy.staleAfterMs &&
    now - liveness.lastHeardAt < policy.staleAfterMs &&
    // What a clock that was set back since said of the twin may be said anew.
    now >= twinAt &&
    now - twinAt < TWIN_EVERY_MS &&
    alarm.samplePeriodMs === policy.samplePeriodMs &&
    !isAlarmAhead(alarm, now, policy)
  );
};

/** The record after a tick at which it is quiet. */
export const quietlyTicked = (record: CylinderRecord): CylinderRecord =>
  record.alarm.evaluatedMsSinceTick === 0
    ? record
    : { ...record, alarm: { ...record.alarm, evaluatedMsSinceTick: 0 } };
