import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { Alarm } from './detection.ts';
import type { IncidentCourse } from './incident-course.ts';

const rankIn = ({ levels }: Policy, severity: string): number =>
  levels.findIndex((level) => level.severity === severity);

/** The slot in which an incident reached the severity that people are told of, ms; null where it never did. */
export const toldFromMs = ({ severities }: IncidentCourse, policy: Policy): number | null => {
  const notifyRank = rankIn(policy, policy.notifyFrom);
  return severities.find(({ severity }) => rankIn(policy, severity) >= notifyRank)?.atMs ?? null;
};

/**
 * The alarms that an incident made: none below `notifyFrom`; otherwise one from the slot in which it reached that
 * severity to its clearing, and another for each reopening after that, since people are told each time.
 */
export const alarmsOf = (course: IncidentCourse, policy: Policy): readonly Alarm[] => {
  const fromMs = toldFromMs(course, policy);
  if (fromMs === null) return [];
  const { id, cylinder } = course;
  return course.stretches
    .filter(({ clearedMs }) => clearedMs === null || clearedMs >= fromMs)
    .map(({ raisedMs, clearedMs }) => ({
      id,
      cylinder,
      raisedMs: Math.max(raisedMs, fromMs),
      endedMs: clearedMs,
    }));
};
