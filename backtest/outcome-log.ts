import type { Policy } from '../domain/alarm/policy/policy.ts';
import type { AlarmOutput, NoticeOutput } from '../domain/alarm/state/output.ts';
import { type Band, type CylinderCourse, createCylinderCourse, type Labelled } from './cylinder-course.ts';
import type { LabelledTime } from './evaluation/episode.ts';
import { createIncidentLog, type IncidentCourse } from './evaluation/incident-course.ts';

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
