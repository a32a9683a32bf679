import type { Result } from './backtest.ts';
import type { IncidentCourse } from './evaluation/incident-course.ts';

/** What the labels say of an incident: it told people of a fault, or of nothing; nobody was told of it; nobody knows. */
export type Verdict = 'true alarm' | 'false alarm' | 'not told' | 'alarm';

/** The verdict on one incident of a result. */
export const verdictOn = (incident: IncidentCourse, { alarms, judgement, outcome }: Result): Verdict => {
  const its = alarms.filter(({ id }) => id === incident.id);
  if (its.length === 0) return 'not told';
  if (judgement.falseAlarms.some(({ id }) => id === incident.id)) return 'false alarm';
  const graceMs = outcome.cylinders.get(incident.cylinder)?.policy.windowMs ?? 0;
  const isTrue = its.some(({ cylinder, raisedMs }) =>
    judgement.detections.some(
      ({ episode }) =>
        episode.cylinder === cylinder && raisedMs >= episode.beginMs && raisedMs <= episode.endMs + graceMs,
    ),
  );
  return isTrue ? 'true alarm' : 'alarm';
};
