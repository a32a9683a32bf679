import { DEFAULT_POLICY } from '../alarm/policy/policy.ts';
import { samplingFit } from '../alarm/policy/sampling-fit.ts';
import { isInMaintenance } from '../alarm/state/fold-context.ts';
import { forecastIn, isOpenCondition } from '../alarm/state/output.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import type { CommandVerdict } from '../cylinder/command-verdict.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import { spacingOverSlots, spacingWithinSlots } from '../cylinder/sampling.ts';
import { abnormalShare } from '../cylinder/share.ts';
import { missingSamples, type Statistics } from '../cylinder/statistics.ts';
import { MEASURED } from '../drift/drift.ts';
import type { Fields } from '../fields.ts';
import { endOfIncident } from '../incident/incident-record.ts';
import { SENSORS } from '../message/sample.ts';

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

/**
 * Whether what the twin says can be relied on: OPC UA's quality, kept apart from the condition. `unwatched` is heard, but
 * not judged; `thin` has fewer samples than slots, so that the alarm is slow or deaf.
 */
export type Quality = 'good' | 'partial' | 'thin' | 'unwatched' | 'stale' | 'offline';

/** The quality of what is known of a cylinder at `now`, ms. */
export const qualityOf = (
  { alarm, statistics }: CylinderRecord,
  now: number,
  staleAfterMs: number,
): Quality => {
  const { liveness, judging } = alarm;
  if (liveness?.offline != null && liveness.offline.heardAgainAt === null) return 'offline';
  const isHeard = liveness !== null && now - liveness.lastHeardAt < staleAfterMs;
  if (isHeard && judging.unwatched !== null) return 'unwatched';
  if (alarm.lastSeenAt === null || now - alarm.lastSeenAt >= staleAfterMs) return 'stale';
  if (spacingOverSlots(alarm) !== null) return 'thin';
  return statistics?.last.values.includes(null) ? 'partial' : 'good';
};

/** What keeps people from being notified of a cylinder at `now`, ms; null where nothing does. */
export const suppressionOf = (alarm: CylinderState, now: number) => {
  if (alarm.maintenance !== null && isInMaintenance(alarm, now))
    return { kind: 'maintenance', ...alarm.maintenance } as const;
  if (alarm.shelf !== null && now < alarm.shelf.until) return { kind: 'shelved', ...alarm.shelf } as const;
  return null;
};

/** Since when a cylinder has been heard without being judged, and why; null where it is judged. */
const unwatchedOf = ({ judging: { unwatched } }: CylinderState) =>
  unwatched === null ? null : { since: unwatched.since, cause: unwatched.cause };

const incidentOf = ({ incident, condition }: CylinderState) => {
  if (incident === null) return null;
  return {
    id: incident.id,
    open: isOpenCondition(condition),
    severity: incident.severity,
    began: incident.beganAt,
    cleared: endOfIncident(incident),
    acknowledgedBy: incident.acknowledgedBy,
    outcome: incident.closing?.outcome ?? null,
    mode: incident.closing?.mode ?? null,
    reopenings: incident.reopenings,
  };
};

/** Weight of the last hour against the last day. */
const HOUR_WEIGHT = 0.7;

/** A cylinder's health, 0 (all samples of the last day abnormal) to 100 (none): the last hour counts 70 %, the day 30 %. */
export const healthOf = (statistics: Statistics): number =>
  Math.round(
    100 *
      (1 - HOUR_WEIGHT * abnormalShare(statistics.hour) - (1 - HOUR_WEIGHT) * abnormalShare(statistics.day)),
  );

/** What the named shadow `twin` of a cylinder reports: plain JSON, under 8 KB. */
export type TwinReport = Readonly<Record<string, unknown>>;

/** What people act upon: when any of it changes, the twin is written at once. */
const essentials = (record: CylinderRecord, now: number, staleAfterMs: number) => {
  const { alarm, statistics } = record;
  const openIncident = isOpenCondition(alarm.condition) ? alarm.incident : null;
  return {
    condition: alarm.condition,
    severity: openIncident?.severity ?? null,
    since: openIncident?.beganAt ?? null,
    incident: incidentOf(alarm),
    quality: qualityOf(record, now, staleAfterMs),
    unwatched: unwatchedOf(alarm),
    suppression: suppressionOf(alarm, now),
    refused: record.refused,
    ...record.commands,
    policy: record.overrides,
    model: statistics?.last.model ?? null,
    gateway: alarm.gateway,
  };
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const lastSampleOf = ({ last }: Statistics) => ({
  t: last.t,
  probability: last.probability,
  ...Object.fromEntries(SENSORS.map((sensor, index) => [sensor, last.values[index] ?? null])),
  why: last.why,
});

/** How many samples fall into a slot where several do, or too few, and which fields of the policy would fit; nothing where all is well. */
const samplingOf = (alarm: CylinderState, { probes }: Statistics) => {
  const spacingMs = spacingOverSlots(alarm) ?? spacingWithinSlots(probes);
  const { samplePeriodMs, window } = alarm;
  const slots = { ...DEFAULT_POLICY, samplePeriodMs, windowMs: window.size * samplePeriodMs };
  const fit = spacingMs === null ? null : samplingFit(slots, spacingMs);
  if (fit === null) return {};
  const samplesPerSlot = round(fit.perSlot, fit.kind === 'thin' ? 2 : 1);
  const set = Object.entries(fit.fields).map(([field, value]) => `${field} to ${value}`);
  const trouble =
    fit.kind === 'thin'
      ? `${samplesPerSlot} samples a slot, too thin to judge well`
      : `${samplesPerSlot} samples a slot, which is abnormal if any of them is`;
  return { sampling: { samplesPerSlot, ...fit.fields, words: `${trouble}: set ${set.join(' and ')}` } };
};

/** How far each sensor and the score lie from what the model knows (population stability index), and what is amiss. */
const driftOf = ({ drift }: Statistics) =>
  drift === undefined
    ? {}
    : {
        drift: {
          since: drift.since,
          found: drift.found.map(({ what, kind }) => `${what} ${kind}`),
          psi:
            drift.psi === null
              ? null
              : Object.fromEntries(MEASURED.map((what, index) => [what, drift.psi?.[index] ?? null])),
        },
      };

/** The key of what people act upon: two reports with the same key differ only in what the next five minutes will tell. */
export const twinKeyOf = (record: CylinderRecord, now: number, staleAfterMs: number): string =>
  JSON.stringify({
    ...essentials(record, now, staleAfterMs),
    // Told to operators: the twin is not to lag behind.
    ...(record.statistics?.drift?.since == null ? {} : { drifted: record.statistics.drift.since }),
    answered: record.lastCommands.map(({ kind, answeredAt }) => `${kind} ${answeredAt}`),
  });

/** A list in a shadow has no room for null, however deep. */
const withoutNulls = (verdict: CommandVerdict): Fields =>
  Object.fromEntries(Object.entries(verdict).filter(([, value]) => value !== null));

/** What the twin of a cylinder says. Times are ms since the epoch, shares 0…1. */
export const buildTwin = (record: CylinderRecord, now: number, staleAfterMs: number): TwinReport => {
  const { alarm, statistics } = record;
  return {
    ...essentials(record, now, staleAfterMs),
    lastCommands: record.lastCommands.map(withoutNulls),
    lastSeen: alarm.lastSeenAt,
    lateSamples: alarm.lateSamples,
    ...(statistics === null
      ? {}
      : {
          lastSample: lastSampleOf(statistics),
          abnormalShareHour: round(abnormalShare(statistics.hour), 4),
          abnormalShareDay: round(abnormalShare(statistics.day), 4),
          health: healthOf(statistics),
          runningHours: round(statistics.runningMs / 3_600_000, 3),
          missingSamples: missingSamples(statistics),
          ...samplingOf(alarm, statistics),
          ...driftOf(statistics),
          ...(statistics.forecast === undefined ? {} : { forecast: forecastIn(statistics.forecast) }),
        }),
  };
};
