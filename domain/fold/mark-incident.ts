import type { Policy } from '../alarm/policy/policy.ts';
import type { AlarmOutput } from '../alarm/state/output.ts';
import type { CylinderState, Incident } from '../alarm/state/state.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { digest } from '../digest.ts';
import { type IncidentMarks, NO_MARKS } from '../incident/incident-record.ts';
import { gatherFacts } from '../notice/gather-facts.ts';

/** What the alarm and the statistics made of one input; `commandAt` is when it was received, ms, where it is a command. */
export type Marked = Readonly<{
  before: CylinderState | null;
  commandAt: number | null;
  alarm: CylinderState;
  statistics: Statistics | null;
  outputs: readonly AlarmOutput[];
  policy: Policy;
}>;

/** What is known at the moment of a raise, and never again. */
const atTheRaise = (id: string, { alarm, statistics, policy }: Marked): IncidentMarks => ({
  ...NO_MARKS,
  advice: gatherFacts(id, alarm, statistics)?.advice ?? null,
  why: statistics?.abnormal?.why?.map((share) => Number((share ?? 0).toPrecision(3))) ?? null,
  model: statistics?.last.model ?? null,
  policy: digest(policy),
});

const toldAt = (id: string, outputs: readonly AlarmOutput[]): number | null => {
  for (const output of outputs) {
    if (output.kind !== 'notice' || !('incident' in output)) continue;
    if (output.incident === id || ('incidents' in output && output.incidents.includes(id))) return output.at;
  }
  return null;
};

/** What one input brought to be noted of an incident: its record holds it once, and stores keep it with all later ones. */
export const markIncident = (incident: Incident, marked: Marked): IncidentMarks => {
  const { before, commandAt, outputs } = marked;
  const former = before?.incident?.id === incident.id ? before.incident : null;
  const isAcknowledged = incident.acknowledgedBy !== null && (former?.acknowledgedBy ?? null) === null;
  const isClosed = incident.closing !== null && (former?.closing ?? null) === null;
  return {
    ...(former === null ? atTheRaise(incident.id, marked) : NO_MARKS),
    toldAt: toldAt(incident.id, outputs),
    acknowledgedAt: isAcknowledged ? commandAt : null,
    closedAt: isClosed ? commandAt : null,
  };
};
