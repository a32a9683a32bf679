import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { foldRecord } from '../../../domain/fold/fold-record.ts';
import { received } from '../../../domain/message/read-message.ts';
import type { Advice } from '../../../domain/notice/notice.ts';
import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { encodeMessages, type ScoredSample } from '../../../edge/message/encode-message.ts';
import { type Model, modelLabel } from '../../../edge/model/model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { type FaultKind, QUEUED_MS } from '../../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../../edge/simulator/line.ts';

export type Course = Readonly<{ cylinders: number; seed: number; cylinder: number; seconds: number }>;

/** What one notice advised, and what was really the matter in the last abnormal second of its window. */
export type AdvisedNotice = Readonly<{ type: string; advice: Advice; fault: FaultKind | null }>;

const START_MS = Date.UTC(2026, 10, 23, 6);
const BATCH = 10;
const SWEEP_EVERY_S = 60;

/**
 * What is advised of one cylinder of a simulated line, in batches of ten seconds and with a sweep each minute, the line's
 * first quarter of an hour out of the gateway's queue: the real model, the real messages, the real fold.
 */
export const watchCylinder = (model: Model, course: Course): readonly AdvisedNotice[] => {
  const { cylinder, seconds } = course;
  const line = createLine({ ...course, startMs: START_MS });
  const name = line.names[cylinder] ?? '';
  const scorer = createScorer(model);
  const sender = { gateway: 'line-1', cylinder: name, boot: 'b', model: modelLabel(model) };
  // The fault of each abnormal second.
  const faults: (FaultKind | null | undefined)[] = [];
  const advised: AdvisedNotice[] = [];
  let record: CylinderRecord | null = null;

  const scored = (second: number): ScoredSample => {
    const t = START_MS + second * 1000;
    const { values, label } = line.sampleOf(cylinder, t);
    const { probability } = score(model, values);
    const isAbnormal = probability >= DEFAULT_POLICY.threshold;
    faults[second] = isAbnormal ? label.fault : undefined;
    // Contributions take most of the time, and those of normal samples move nothing.
    return { t, seq: second, values, probability, why: isAbnormal ? scorer.score(values).why : null };
  };

  const fold = (input: Parameters<typeof foldRecord>[2]): void => {
    const folded = foldRecord(name, record, input, DEFAULT_POLICY);
    record = folded.record;
    for (const { output, facts } of folded.notices) {
      const seconds = (folded.record.alarm.window.end ?? 0) - START_MS / 1000 + 1;
      const fault = faults.slice(0, seconds).findLast((kind) => kind !== undefined) ?? null;
      if (facts !== null) advised.push({ type: output.type, advice: facts.advice, fault });
    }
  };

  for (let second = 0; second < seconds; second += BATCH) {
    const samples = Array.from({ length: BATCH }, (_, index) => scored(second + index));
    const receivedAt = START_MS + Math.max((second + BATCH) * 1000, QUEUED_MS);
    for (const { topic, payload } of encodeMessages(sender, samples)) {
      const raw = { topic, body: Buffer.from(payload), receivedAt, client: null };
      fold({ kind: 'samples', receivedAt, samples: received(raw).reading.samples });
    }
    if (second * 1000 >= QUEUED_MS && second % SWEEP_EVERY_S === 0) fold({ kind: 'tick', receivedAt });
  }
  return advised;
};
