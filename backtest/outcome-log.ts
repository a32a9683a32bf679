import type { Policy } from '../domain/alarm/policy/policy.ts';
import {
  type AlarmOutput,
  type Condition,
  isOpenCondition,
  type NoticeOutput,
} from '../domain/alarm/state/output.ts';
import {
  type Alarm,
  createIncidentLog,
  createLabelledTime,
  evaluate,
  type IncidentCourse,
  type LabelledTime,
} from './evaluation/detection.ts';
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

/** A stretch of one condition of one cylinder, ms; `severity` is null unless an incident is open. */
export type Band = Readonly<{ fromMs: number; toMs: number; condition: Condition; severity: string | null }>;

type Start = Omit<Band, 'toMs'>;

/** The conditions of one cylinder as bands without a gap between them, from what the alarm says of it. */
const createBands = (beginMs: number) => {
  const starts: Start[] = [{ fromMs: beginMs, condition: 'NORMAL', severity: null }];
  /** An incident's highest severity, which it keeps when it is reopened. */
  const severities = new Map<string, string>();

  const begin = (start: Start): void => {
    if (starts.at(-1)?.fromMs === start.fromMs) starts.pop();
    starts.push(start);
  };

  return {
    add: (output: AlarmOutput): void => {
      const last = starts.at(-1);
      if (output.kind === 'severity' && last !== undefined) {
        severities.set(output.incident, output.severity);
        begin({ ...last, fromMs: output.t, severity: output.severity });
      }
      if (output.kind !== 'condition') return;
      const { t, to, incident } = output;
      begin({
        fromMs: t,
        condition: to,
        severity: isOpenCondition(to) ? (severities.get(incident ?? '') ?? null) : null,
      });
    },
    end: (endMs: number): readonly Band[] =>
      starts.map((start, index) => ({
        ...start,
        toMs: starts[index + 1]?.fromMs ?? Math.max(endMs, start.fromMs),
      })),
  };
};

/** A sample as far as labels go. */
export type Labelled = Readonly<{ cylinder: string; t: number; label: boolean | null }>;

/** Follows one cylinder through a recording under one policy: its labels, and its conditions as bands. */
export const createCylinderCourse = (cylinder: string, policy: Policy) => {
  const { samplePeriodMs, windowMs } = policy;
  const labels = createLabelledTime({ cylinder, samplePeriodMs, graceMs: windowMs });
  let bands: ReturnType<typeof createBands> | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    take: ({ t, label }: Labelled): void => {
      bands ??= createBands(t);
      labels.add(t, label);
      lastMs = Math.max(lastMs, t);
    },
    add: (output: AlarmOutput): void => bands?.add(output),
    end: () => ({ policy, bands: bands?.end(lastMs + samplePeriodMs) ?? [], labels: labels.read() }),
  };
};

export type CylinderCourse = ReturnType<typeof createCylinderCourse>;

/** A notice as people would have read it. */
export type RenderedNotice = Readonly<{ output: NoticeOutput; lines: readonly string[] }>;

/** One cylinder under one policy. */
export type CylinderOutcome = Readonly<{ policy: Policy; bands: readonly Band[]; labels: LabelledTime }>;

/** What one policy made of one recording. */
export type PolicyOutcome = Readonly<{
  incidents: readonly IncidentCourse[];
  notices: readonly RenderedNotice[];
  cylinders: ReadonlyMap<string, CylinderOutcome>;
}>;

export type OutcomeLog = Readonly<{
  /** Takes a sample before what the alarm says of it, each cylinder's in the order of time. */
  take(sample: Labelled): void;
  /** Takes what the alarm says, a notice with its lines. */
  add(output: AlarmOutput, lines?: readonly string[]): void;
  end(): PolicyOutcome;
}>;

/** Puts together what a policy made of a recording: the same for one that is tried and for one that ran. */
export const createOutcomeLog = (policyOf: (cylinder: string) => Policy): OutcomeLog => {
  const courses = new Map<string, CylinderCourse>();
  const incidents = createIncidentLog();
  const notices: RenderedNotice[] = [];
  return {
    take: (sample) => {
      const { cylinder } = sample;
      const course = courses.get(cylinder) ?? createCylinderCourse(cylinder, policyOf(cylinder));
      course.take(sample);
      courses.set(cylinder, course);
    },
    add: (output, lines = []) => {
      incidents.add(output);
      if ('cylinder' in output) courses.get(output.cylinder)?.add(output);
      if (output.kind === 'notice') notices.push({ output, lines });
    },
    end: () => ({
      incidents: incidents.all(),
      notices,
      cylinders: new Map([...courses].map(([name, course]) => [name, course.end()])),
    }),
  };
};
