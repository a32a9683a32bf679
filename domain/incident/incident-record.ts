import type { CylinderState, Incident } from '../alarm/state/state.ts';

/**
 * What is noted of an incident once, as it happens, ms: a record that is made later does not repeat it, so stores keep
 * what an earlier one said. Null where it has not come to that.
 */
export type IncidentMarks = Readonly<{
  /** When the first notice of it was made. */
  toldAt: number | null;
  /** When it was first acknowledged, and when it was closed, by the receiver's clock. */
  acknowledgedAt: number | null;
  closedAt: number | null;
  /** What a technician was advised to look at, as of the raise. */
  advice: string | null;
  /** Mean contribution of each sensor to the log-odds while it was abnormal, as of the raise, in the order of SENSORS. */
  why: readonly number[] | null;
  /** The model that scored it, and the digest of the policy that raised it. */
  model: string | null;
  policy: string | null;
}>;

export const NO_MARKS: IncidentMarks = {
  toldAt: null,
  acknowledgedAt: null,
  closedAt: null,
  advice: null,
  why: null,
  model: null,
  policy: null,
};

/** What is kept of an incident for good. Times are ms since the epoch; null where it has not come to that. */
export type IncidentRecord = Readonly<{
  id: string;
  cylinder: string;
  gateway: string | null;
  /** Start of the first abnormal slot in the window that raised it. */
  beganAt: number;
  /** Start of the slot that raised it first. */
  raisedAt: number;
  /** Start of its last abnormal slot, once it is over: from `beganAt` to here there was trouble. */
  lastAbnormalAt: number | null;
  /** Start of the slot that cleared it last, after the quiet that this takes; or when something else ended it. */
  clearedAt: number | null;
  /** `policy` is a new sample period, after which everything is judged afresh. */
  endedBy: 'clearing' | 'maintenance' | 'policy' | null;
  severity: string;
  reopenings: number;
  acknowledgedBy: string | null;
  closedBy: string | null;
  outcome: string | null;
  mode: string | null;
  comment: string | null;
}> &
  IncidentMarks;

/** A record of an incident with what one before it noted. */
export const withMarksOf = (before: IncidentMarks | undefined, record: IncidentRecord): IncidentRecord => ({
  ...record,
  toldAt: before?.toldAt ?? record.toldAt,
  acknowledgedAt: before?.acknowledgedAt ?? record.acknowledgedAt,
  closedAt: before?.closedAt ?? record.closedAt,
  advice: before?.advice ?? record.advice,
  why: before?.why ?? record.why,
  model: before?.model ?? record.model,
  policy: before?.policy ?? record.policy,
});

const MAX_REOPENINGS = 255;

/** A number that grows with what has become of an incident: reopened, cleared, closed. */
export const progressOf = ({ closedBy, reopenings, clearedAt }: IncidentRecord): number =>
  (closedBy === null ? 0 : 2 * (MAX_REOPENINGS + 1)) +
  2 * Math.min(reopenings, MAX_REOPENINGS) +
  (clearedAt === null ? 0 : 1);

/** Of each incident its last record, with what those before it noted. */
export const lastOfEach = (records: readonly IncidentRecord[]): readonly IncidentRecord[] => {
  const last = new Map<string, IncidentRecord>();
  for (const record of records) last.set(record.id, withMarksOf(last.get(record.id), record));
  return [...last.values()];
};

/** What happens to an incident. */
export const COURSE_KINDS = [
  'began',
  'raised',
  'reopened',
  'escalated',
  'notified',
  'acknowledged',
  'shelved',
  'unshelved',
  'maintenance',
  'cleared',
  'closed',
  'refused',
] as const;

/** Something that happened to an incident, in whose words and through which channel. Times are ms. */
export type CourseEvent = Readonly<{
  kind: (typeof COURSE_KINDS)[number];
  at: number;
  by: string | null;
  text: string | null;
  channel: string | null;
}>;

/** What happened to which incident. */
export type CourseEntry = Readonly<{ incident: string; event: CourseEvent }>;

/** Under what the maintenance of a cylinder is kept, in place of an incident: it needs none. The text says until when, ms. */
export const maintenanceOf = (cylinder: string): string => `${cylinder}@maintenance`;

/** When an incident ended, ms: maintenance or a new sample period ended it, or the slot began that cleared it last; null while it has not. */
export const endOfIncident = ({ endedAt, clearedAt }: Incident): number | null => endedAt ?? clearedAt;

const causeOfEnd = (incident: Incident): IncidentRecord['endedBy'] => {
  if (incident.endedBy !== null) return incident.endedBy;
  return incident.clearedAt === null ? null : 'clearing';
};

/** What is kept of an incident of a cylinder for good. */
export const incidentRecordOf = (
  cylinder: string,
  incident: Incident,
  { gateway }: CylinderState,
  marks: IncidentMarks = NO_MARKS,
): IncidentRecord => {
  const clearedAt = endOfIncident(incident);
  return {
    id: incident.id,
    cylinder,
    gateway,
    beganAt: incident.beganAt,
    raisedAt: incident.raisedAt,
    // While it is open, every slot would make it another.
    lastAbnormalAt: clearedAt === null ? null : incident.abnormalAt,
    clearedAt,
    endedBy: causeOfEnd(incident),
    severity: incident.severity,
    reopenings: incident.reopenings,
    acknowledgedBy: incident.acknowledgedBy,
    closedBy: incident.closing?.by ?? null,
    outcome: incident.closing?.outcome ?? null,
    mode: incident.closing?.mode ?? null,
    comment: incident.closing?.comment ?? incident.comment,
    toldAt: marks.toldAt,
    acknowledgedAt: marks.acknowledgedAt,
    closedAt: marks.closedAt,
    advice: marks.advice,
    why: marks.why,
    model: marks.model,
    policy: marks.policy,
  };
};
