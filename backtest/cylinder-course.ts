import type { Policy } from '../domain/alarm/policy/policy.ts';
import { type AlarmOutput, type Condition, isOpenCondition } from '../domain/alarm/state/output.ts';
import { createLabelledTime } from './evaluation/episode.ts';

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
