import type { MessageReading } from '../../domain/message/read-message.ts';
import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { hearCylinder, hearGateway } from './oracle-liveness.ts';
import { takePeriod } from './oracle-period.ts';
import { evaluateIfStale, evaluateUpTo, highestSlot, isLate } from './oracle-slots.ts';
import { type Cylinder, cylinderOf, type Stream } from './oracle-state.ts';
import { mark } from './oracle-unwatched.ts';

/** Takes one message: its gateway is heard, then the samples that the contract knows, one at a time, in its order. */
export const takeMessage = (stream: Stream, { gateway, samples }: MessageReading, now: number): void => {
  if (gateway === null) return;
  hearGateway(stream, gateway, now);
  const name = samples[0]?.cylinder;
  if (name === undefined) return;
  const cylinder = cylinderOf(stream, name);
  takePeriod(stream, cylinder, now);
  evaluateIfStale(stream, cylinder, now);
  for (const sample of samples) takeSample(stream, cylinder, sample, now);
};

/** Section "Time and slots": quarantined, late, or taken into its slot; then the slots due are evaluated. */
const takeSample = (stream: Stream, cylinder: Cylinder, sample: Sample, now: number): void => {
  const { policy } = stream;
  hearCylinder(stream, cylinder, sample.gateway, now);
  if (sample.t - now > policy.futureToleranceMs) {
    mark(cylinder, 'ahead', now);
    stream.out.push({ kind: 'quarantine', cylinder: cylinder.name, t: sample.t });
    return;
  }
  cylinder.seen.push(now);
  const slot = Math.floor(sample.t / policy.samplePeriodMs);
  if (isLate(cylinder, slot)) {
    mark(cylinder, 'late', now);
    stream.out.push({ kind: 'late', cylinder: cylinder.name, t: sample.t });
  } else {
    setBits(stream, cylinder, slot, sample);
  }
  const due = highestSlot(cylinder) - Math.ceil(policy.latenessMs / policy.samplePeriodMs);
  evaluateUpTo(stream, cylinder, due, now);
};

const setBits = ({ policy }: Stream, cylinder: Cylinder, slot: number, sample: Sample): void => {
  const bits = cylinder.slots.get(slot) ?? { abnormal: false, running: false };
  const readings = new Map<string, number | null>(
    SENSORS.map((sensor, index) => [sensor, sample.values[index] ?? null]),
  );
  const reading = policy.idle === null ? null : (readings.get(policy.idle.sensor) ?? null);
  const idle = policy.idle !== null && reading !== null && reading < policy.idle.below;
  if (sample.probability >= policy.threshold) bits.abnormal = true;
  if (!idle) bits.running = true;
  cylinder.slots.set(slot, bits);
};
