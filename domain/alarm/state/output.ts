/** The four conditions of a cylinder, after OPC UA Part 9 and ISA-18.2. */
export type Condition = 'NORMAL' | 'SUSPECT' | 'ACTIVE' | 'CLEARING';

/** Whether an incident is open in this condition. */
export const isOpenCondition = (condition: Condition): boolean =>
  condition === 'ACTIVE' || condition === 'CLEARING';

/** The name of the incident that a cylinder's slot starting at `raisedAt`, ms, raised. */
export const incidentId = (cylinder: string, raisedAt: number): string => `${cylinder}@${raisedAt}`;

/** What ends an incident and begins its window and warm-up afresh. */
export type Interruption = 'maintenance' | 'policy';

export type ConditionOutput = Readonly<{
  kind: 'condition';
  cylinder: string;
  t: number;
  from: Condition;
  to: Condition;
  incident: string | null;
  began?: number;
  /** What made it NORMAL where no slot did: `policy` is a new sample period. */
  cause?: Interruption;
}>;

export type SeverityOutput = Readonly<{
  kind: 'severity';
  cylinder: string;
  t: number;
  incident: string;
  severity: string;
}>;

export type IncidentNoticeType =
  | 'RAISED'
  | 'REOPENED'
  | 'FLAPPING'
  | 'ESCALATED'
  | 'SHELF_EXPIRED'
  | 'REMINDER'
  | 'RECOVERED';

/**
 * A gateway, or a cylinder whose gateway is heard on, is silent, or heard again; `gateway` is the one that OFFLINE
 * named. `flapping`: it comes and goes, and ONLINE waits until it has stayed.
 */
export type LivenessNotice = Readonly<{
  kind: 'notice';
  gateway: string;
  id: string;
  type: 'OFFLINE' | 'ONLINE';
  flapping?: true;
  at: number;
}>;

export type CylinderLivenessNotice = LivenessNotice & Readonly<{ cylinder: string }>;

/** Why a cylinder that is heard is not judged: the most frequent reason, the first of these at a tie. */
export const UNWATCHED_CAUSES = ['ahead', 'late', 'coverage', 'warm-up'] as const;
export type UnwatchedCause = (typeof UNWATCHED_CAUSES)[number];

/** A cylinder is heard and nothing of it is judged, or is judged again; `gateway` is the one that UNWATCHED named. */
export type UnwatchedNotice = Readonly<{
  kind: 'notice';
  cylinder: string;
  gateway: string;
  id: string;
  at: number;
}> &
  (Readonly<{ type: 'UNWATCHED'; cause: UnwatchedCause }> | Readonly<{ type: 'WATCHED' }>);

/** What is amiss with a sensor: its values lie elsewhere, it does not answer, or it stands still while others move. */
export const DRIFT_KINDS = ['moved', 'missing', 'stuck'] as const;

/** `what` is the name of a sensor, or `score`. */
export type DriftFinding = Readonly<{ what: string; kind: (typeof DRIFT_KINDS)[number] }>;

/** The sensors of a cylinder have moved away from what its model knows, or are as it knows them again; for operators. */
export type DriftNotice = Readonly<{
  kind: 'notice';
  cylinder: string;
  gateway: string;
  id: string;
  type: 'DRIFTED' | 'SETTLED';
  found: readonly DriftFinding[];
  at: number;
}>;

/** A severity, and between which times it is reached if all goes on as it does, ms. */
export type Forecast = Readonly<{ severity: string; fromMs: number; toMs: number }>;

/** The same in whole minutes since the epoch, as it is kept in few characters. */
export type ForecastMark = readonly [severity: string, fromMinute: number, toMinute: number];

const MINUTE_MS = 60_000;

export const forecastIn = ([severity, fromMinute, toMinute]: ForecastMark): Forecast => ({
  severity,
  fromMs: fromMinute * MINUTE_MS,
  toMs: toMinute * MINUTE_MS,
});

/** How many unnotified incidents are named in the notice of them. */
export const NAMED_INCIDENTS = 16;

export type NoticeOutput =
  | Readonly<{
      kind: 'notice';
      cylinder: string;
      id: string;
      type: IncidentNoticeType;
      incident: string;
      severity: string;
      at: number;
    }>
  | Readonly<{
      kind: 'notice';
      cylinder: string;
      id: string;
      type: 'OCCURRED';
      incident: string;
      severity: string;
      incidents: readonly string[];
      count: number;
      at: number;
    }>
  | LivenessNotice
  | CylinderLivenessNotice
  | UnwatchedNotice
  | DriftNotice;

export type RefusedOutput = Readonly<{
  kind: 'refused';
  cylinder: string;
  type: string;
  why: string;
  at: number;
}>;

export type LateOutput = Readonly<{ kind: 'late'; cylinder: string; t: number }>;

export type QuarantineOutput = Readonly<{ kind: 'quarantine'; cylinder: string; t: number }>;

/** What the alarm says happened, in the form of a line of `sentinel replay`. Times are ms since the epoch. */
export type AlarmOutput =
  | ConditionOutput
  | SeverityOutput
  | NoticeOutput
  | RefusedOutput
  | LateOutput
  | QuarantineOutput;
