import type { IncidentRecord } from '../../domain/incident/incident-record.ts';

/** Room for the time of writing in ms, until the year 2248; the rest of a safe integer is for progress. */
const TIME_RANGE = 2 ** 43;

const MAX_REOPENINGS = 255;

const progressOf = ({ closedBy, reopenings, clearedAt }: IncidentRecord): number =>
  (closedBy === null ? 0 : 2 * (MAX_REOPENINGS + 1)) +
  2 * Math.min(reopenings, MAX_REOPENINGS) +
  (clearedAt === null ? 0 : 1);

/**
 * A number that grows with what has become of an incident (reopened, cleared, closed) and then with the time of
 * writing, `now` in ms: what was recorded last wins, also over an older record that is written once more much later.
 */
export const incidentVersion = (incident: IncidentRecord, now: number): number =>
  progressOf(incident) * TIME_RANGE + now;

/** Whether two versions stand for the same progress, written at different times. */
export const isSameProgress = (one: number, other: number): boolean =>
  Math.floor(one / TIME_RANGE) === Math.floor(other / TIME_RANGE);
