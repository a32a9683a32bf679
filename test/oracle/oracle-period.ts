import { beginAfresh } from './oracle-condition.ts';
import { notifiedAbnormal, notify } from './oracle-notices.ts';
import type { Cylinder, Stream } from './oracle-state.ts';

/** Section "Policy", a new `samplePeriodMs`: at the first input of the cylinder after it, before anything else. */
export const takePeriod = (stream: Stream, cylinder: Cylinder, now: number): void => {
  if (cylinder.periodMs === stream.policy.samplePeriodMs) return;
  cylinder.periodMs = stream.policy.samplePeriodMs;
  cylinder.slots = new Map();
  beginAfresh(stream, cylinder, 'policy', now);
  for (const incident of cylinder.incidents) incident.occurredUntold = false;
  const told = cylinder.incidents.find(notifiedAbnormal);
  if (told !== undefined) notify(stream, cylinder, told, 'RECOVERED', now);
};
