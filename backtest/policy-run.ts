import { createPlant, sweepPlant, takeMessage } from '../domain/alarm/plant.ts';
import type { Policy } from '../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput, NoticeOutput } from '../domain/alarm/state/output.ts';
import { type Statistics, updateStatistics } from '../domain/cylinder/statistics.ts';
import { isAhead } from '../domain/message/split-ahead.ts';
import { gatherFacts } from '../domain/notice/gather-facts.ts';
import { plainText } from '../notification/plain-text.ts';
import { type Band, type CylinderCourse, createCylinderCourse } from './cylinder-course.ts';
import type { LabelledTime } from './evaluation/episode.ts';
import { createIncidentLog, type IncidentCourse } from './evaluation/incident-course.ts';
import type { RecordedMessage } from './recordings/recording.ts';

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

export type PolicyRun = Readonly<{ receive(message: RecordedMessage): void; end(): PolicyOutcome }>;

const NOTICE_READER = { timeZone: 'UTC' };

/** How often the alarm is swept, ms of the recording's own time. */
const TICK_MS = 60_000;
/** In a gap of more than a week ticks are thinned out to so many. */
const MAX_TICKS = 10_080;

/** The sweeps that are due before what was received at `nextMs`, given the last one; times in ms. */
export function* ticksBefore(lastTickMs: number, nextMs: number): Generator<number, void> {
  const stepMs = Math.max(TICK_MS, Math.ceil((nextMs - lastTickMs) / MAX_TICKS));
  for (let tickMs = lastTickMs + stepMs; tickMs <= nextMs; tickMs += stepMs) yield tickMs;
}

/** Runs the alarm itself over a recording: its messages as they were received, a sweep each minute, and one after the end. */
export const createPolicyRun = (book: PolicyBook): PolicyRun => {
  const policyOf = (cylinder: string | null): Policy =>
    cylinder === null ? book.default : book.of(cylinder);
  const plant = createPlant();
  const statistics = new Map<string, Statistics>();
  const courses = new Map<string, CylinderCourse>();
  const incidents = createIncidentLog();
  const notices: RenderedNotice[] = [];
  let lastTickMs: number | null = null;
  let lastMs = 0;

  const notify = (output: NoticeOutput): void => {
    const name = 'cylinder' in output ? output.cylinder : null;
    const state = name === null ? undefined : plant.cylinders.get(name);
    const facts =
      state !== undefined && 'incident' in output
        ? gatherFacts(output.incident, state, statistics.get(output.cylinder) ?? null)
        : null;
    notices.push({ output, lines: plainText({ output, facts }, NOTICE_READER) });
  };

  const take = (outputs: readonly AlarmOutput[]): void => {
    for (const output of outputs) {
      incidents.add(output);
      if ('cylinder' in output) courses.get(output.cylinder)?.add(output);
      if (output.kind === 'notice') notify(output);
    }
  };

  const tick = (now: number): void => take(sweepPlant(plant, now, policyOf));

  const note = (message: RecordedMessage): void => {
    for (const sample of message.samples) {
      const { cylinder } = sample;
      const policy = policyOf(cylinder);
      if (isAhead(sample.t, message.receivedAt, policy.futureToleranceMs)) continue;
      const isHealthy = (plant.cylinders.get(cylinder)?.condition ?? 'NORMAL') === 'NORMAL';
      statistics.set(cylinder, updateStatistics(statistics.get(cylinder) ?? null, sample, policy, isHealthy));
      const course = courses.get(cylinder) ?? createCylinderCourse(cylinder, policy);
      course.take(sample);
      courses.set(cylinder, course);
    }
  };

  return {
    receive: (message) => {
      const { receivedAt } = message;
      lastTickMs ??= receivedAt;
      lastMs = Math.max(lastMs, receivedAt);
      for (const tickMs of ticksBefore(lastTickMs, receivedAt)) {
        tick(tickMs);
        lastTickMs = tickMs;
      }
      note(message);
      take(takeMessage(plant, { ...message, rejections: [] }, receivedAt, policyOf));
    },
    end: () => {
      const staleMs = [...plant.cylinders.keys()].map((cylinder) => policyOf(cylinder).staleAfterMs);
      // Nothing comes after the end: what still waits for stragglers is judged.
      tick(lastMs + Math.max(0, ...staleMs));
      const cylinders = new Map([...courses].map(([name, course]) => [name, course.end()]));
      return { incidents: incidents.all(), notices, cylinders };
    },
  };
};
