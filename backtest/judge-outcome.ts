import type { Policy } from '../domain/alarm/policy/policy.ts';
import { type Alarm, evaluate } from './evaluation/detection.ts';
import type { IncidentCourse } from './evaluation/incident-course.ts';
import type { Judgement } from './evaluation/score-card.ts';
import type { PolicyOutcome } from './policy-run.ts';

const rankIn = ({ levels }: Policy, severity: string): number =>
  levels.findIndex((level) => level.severity === severity);

/** The slot in which an incident reached the severity that people are notified of, ms; null where it never did. */
export const notifiedFromMs = ({ severities }: IncidentCourse, policy: Policy): number | null => {
  const notifyRank = rankIn(policy, policy.notifyFrom);
  return severities.find(({ severity }) => rankIn(policy, severity) >= notifyRank)?.atMs ?? null;
};

/**
 * The alarms that an incident made: none below `notifyFrom`; otherwise one from the slot in which it reached that
 * severity to its clearing, and another for each reopening after that, since people are notified each time.
 */
export const alarmsOf = (course: IncidentCourse, policy: Policy): readonly Alarm[] => {
  const fromMs = notifiedFromMs(course, policy);
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

/** All alarms of an outcome: what its incidents notified people of. */
export const alarmsIn = ({ incidents, cylinders }: PolicyOutcome): readonly Alarm[] =>
  incidents.flatMap((incident) => {
    const policy = cylinders.get(incident.cylinder)?.policy;
    return policy === undefined ? [] : alarmsOf(incident, policy);
  });

/** Holds the alarms of an outcome against the labels, cylinder by cylinder; an alarm in unlabelled time is not judged. */
export const judgeOutcome = (outcome: PolicyOutcome): Judgement => {
  const alarms = alarmsIn(outcome);
  const judged = [...outcome.cylinders].map(([name, { policy, labels }]) => {
    const its = alarms.filter(({ cylinder }) => cylinder === name);
    const { detections, falseAlarms } = evaluate(labels.episodes, its, policy.windowMs);
    return { detections, falseAlarms: falseAlarms.filter(({ raisedMs }) => labels.isSound(raisedMs)) };
  });
  return {
    detections: judged
      .flatMap(({ detections }) => detections)
      .sort((a, b) => a.episode.beginMs - b.episode.beginMs),
    falseAlarms: judged.flatMap(({ falseAlarms }) => falseAlarms).sort((a, b) => a.raisedMs - b.raisedMs),
    soundMs: [...outcome.cylinders.values()].reduce((sum, { labels }) => sum + labels.soundMs, 0),
  };
};
