import type { Policy } from '../domain/alarm/policy/policy.ts';
import { type Alarm, evaluate } from './evaluation/detection.ts';
import type { LabelledTime } from './evaluation/episode.ts';
import type { IncidentCourse } from './evaluation/incident-course.ts';
import type { Judgement } from './evaluation/score-card.ts';

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

/** What is judged: the incidents of a recording, and what its labels say, cylinder by cylinder. */
type Judged = Readonly<{
  incidents: readonly IncidentCourse[];
  cylinders: ReadonlyMap<string, Readonly<{ policy: Policy; labels: LabelledTime }>>;
}>;

/** All alarms of an outcome: what its incidents notified people of. */
export const alarmsIn = ({ incidents, cylinders }: Judged): readonly Alarm[] =>
  incidents.flatMap((incident) => {
    const policy = cylinders.get(incident.cylinder)?.policy;
    return policy === undefined ? [] : alarmsOf(incident, policy);
  });

/** How long before an episode an alarm is early and not false, ms: as long as one that comes at once takes to be told. */
const defaultEarlyMs = ({ windowMs, latenessMs }: Policy): number => windowMs + latenessMs;

const byRaise = (a: Alarm, b: Alarm): number => a.raisedMs - b.raisedMs;

/**
 * Holds the alarms of an outcome against the labels, cylinder by cylinder; an alarm in unlabelled time is not judged.
 * One raised up to `earlyMs` before an episode (null: one window and the lateness) is early.
 */
export const judgeOutcome = (outcome: Judged, earlyMs: number | null): Judgement => {
  const alarms = alarmsIn(outcome);
  const judged = [...outcome.cylinders].map(([name, { policy, labels }]) => {
    const its = alarms.filter(({ cylinder }) => cylinder === name);
    const evaluation = evaluate(labels.episodes, its, policy.windowMs, earlyMs ?? defaultEarlyMs(policy));
    return {
      ...evaluation,
      falseAlarms: evaluation.falseAlarms.filter(({ raisedMs }) => labels.isSound(raisedMs)),
    };
  });
  return {
    detections: judged
      .flatMap(({ detections }) => detections)
      .sort((a, b) => a.episode.beginMs - b.episode.beginMs),
    trueAlarms: judged.flatMap(({ trueAlarms }) => trueAlarms).sort(byRaise),
    falseAlarms: judged.flatMap(({ falseAlarms }) => falseAlarms).sort(byRaise),
    soundMs: [...outcome.cylinders.values()].reduce((sum, { labels }) => sum + labels.soundMs, 0),
  };
};
