import type { Policy } from '../domain/alarm/policy/policy.ts';
import type { AlarmOutput } from '../domain/alarm/state/output.ts';
import { createBands } from './condition-bands.ts';
import { createLabelledTime } from './evaluation/labelled-time.ts';
import type { LabelledSample } from './heard.ts';

/** Follows one cylinder through a recording under one policy: its labels, and its conditions as bands. */
export const createCylinderCourse = (cylinder: string, policy: Policy) => {
  const { samplePeriodMs, windowMs } = policy;
  const labels = createLabelledTime({ cylinder, samplePeriodMs, graceMs: windowMs });
  let bands: ReturnType<typeof createBands> | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    take: ({ t, label }: LabelledSample): void => {
      bands ??= createBands(t);
      labels.add(t, label);
      lastMs = Math.max(lastMs, t);
    },
    add: (output: AlarmOutput): void => bands?.add(output),
    end: () => ({ policy, bands: bands?.end(lastMs + samplePeriodMs) ?? [], labels: labels.read() }),
  };
};

export type CylinderCourse = ReturnType<typeof createCylinderCourse>;
