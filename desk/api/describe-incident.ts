import { policyFor } from '../../domain/cylinder/cylinder-record.ts';
import type { CourseEvent, IncidentRecord } from '../../domain/incident/incident-record.ts';
import { gatherFacts } from '../../domain/notice/gather-facts.ts';
import { allowedFor, fleetRowOf } from './describe-cylinder.ts';
import type { DeskPorts } from './desk-ports.ts';
import type { incidentAnswer, Sent } from './schemas.ts';

const step = (kind: CourseEvent['kind'], at: number, by: string | null = null): CourseEvent => ({
  kind,
  at,
  by,
  text: null,
  channel: null,
});

/** What the record of an incident alone says of its course. */
const recorded = (incident: IncidentRecord): readonly CourseEvent[] => [
  step('began', incident.beganAt),
  step('raised', incident.raisedAt),
  ...(incident.clearedAt === null ? [] : [step('cleared', incident.clearedAt)]),
];

/** The course of an incident, the earliest first: what was noted as it happened, and else what its record says. */
const courseOf = (incident: IncidentRecord, noted: readonly CourseEvent[]): readonly CourseEvent[] => {
  const kinds = new Set(noted.map(({ kind }) => kind));
  return [...recorded(incident).filter(({ kind }) => !kinds.has(kind)), ...noted].sort((a, b) => a.at - b.at);
};

/** Puts together all that is known of an incident now. */
export const describeIncident =
  ({ view, policies, now }: DeskPorts) =>
  async (incident: IncidentRecord): Promise<Sent<typeof incidentAnswer>> => {
    const { id, cylinder } = incident;
    const [record, noted] = await Promise.all([view.cylinder(cylinder), view.course(incident)]);
    const at = now();
    const isLatest = record?.alarm.incident?.id === id;
    return {
      now: at,
      incident,
      course: courseOf(incident, noted),
      facts: record !== null && isLatest ? gatherFacts(id, record.alarm, record.statistics) : null,
      row:
        record === null
          ? null
          : fleetRowOf(cylinder, record, at, policyFor(policies, cylinder, record).staleAfterMs),
      allowed: record === null ? [] : allowedFor(id, record, at),
    };
  };
