import { createPlant, sweepPlant, takeMessage } from '../domain/alarm/plant.ts';
import type { Policy } from '../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput, NoticeOutput } from '../domain/alarm/state/output.ts';
import { type Statistics, updateStatistics } from '../domain/cylinder/statistics.ts';
import { isAhead } from '../domain/message/rejection.ts';
import { gatherFacts } from '../domain/notice/gather-facts.ts';
import { plainText } from '../notification/notice-view.ts';
import { createOutcomeLog, type PolicyOutcome } from './outcome-log.ts';
import type { RecordedMessage } from './recordings/recording.ts';

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
  const log = createOutcomeLog(policyOf);
  let lastTickMs: number | null = null;
  let lastMs = 0;

  const linesOf = (output: NoticeOutput): readonly string[] => {
    const name = 'cylinder' in output ? output.cylinder : null;
    const state = name === null ? undefined : plant.cylinders.get(name);
    const facts =
      state !== undefined && 'incident' in output
        ? gatherFacts(output.incident, state, statistics.get(output.cylinder) ?? null)
        : null;
    return plainText({ output, facts }, NOTICE_READER);
  };

  const take = (outputs: readonly AlarmOutput[]): void => {
    for (const output of outputs) log.add(output, output.kind === 'notice' ? linesOf(output) : []);
  };

  const tick = (now: number): void => take(sweepPlant(plant, now, policyOf));

  const note = (message: RecordedMessage): void => {
    for (const sample of message.samples) {
      const { cylinder } = sample;
      const policy = policyOf(cylinder);
      if (isAhead(sample.t, message.receivedAt, policy.futureToleranceMs)) continue;
      const isHealthy = (plant.cylinders.get(cylinder)?.condition ?? 'NORMAL') === 'NORMAL';
      statistics.set(cylinder, updateStatistics(statistics.get(cylinder) ?? null, sample, policy, isHealthy));
      log.take(sample);
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
      return log.end();
    },
  };
};
