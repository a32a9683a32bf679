import * as v from 'valibot';
import { hearCylinder, recordHeartbeat } from './oracle-silence.ts';
import { evaluateIfStale, evaluateUpTo, highestSlot, isLate } from './oracle-slots.ts';
import { type Cylinder, cylinderOf, type Stream } from './oracle-state.ts';

const sampleSchema = v.looseObject({
  t: v.pipe(v.number(), v.integer(), v.minValue(0)),
  probability: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});
type Sample = v.InferOutput<typeof sampleSchema>;

/** The message contract, as far as the alarm reads it. */
export const payloadSchema = v.object({
  cylinder: v.optional(v.string()),
  samples: v.array(sampleSchema),
});
type Payload = v.InferOutput<typeof payloadSchema>;

/** Takes one message: the silence that it ends, then its samples one at a time, in its order. */
export const takeMessage = (stream: Stream, topic: string, payload: Payload, now: number): void => {
  const [gatewayName = '', topicCylinder = ''] = topic.replace('greengrass/ml/inference/', '').split('/');
  const cylinderName = topicCylinder === '' ? payload.cylinder : topicCylinder;
  if (gatewayName === '' || cylinderName === undefined) throw new Error(`no gateway or cylinder in ${topic}`);
  recordHeartbeat(stream, gatewayName, now);
  const cylinder = cylinderOf(stream, cylinderName);
  evaluateIfStale(stream, cylinder, now);
  for (const sample of payload.samples) takeSample(stream, cylinder, gatewayName, sample, now);
};

/** Section "Time and slots": quarantined, late, or taken into its slot; then the slots due are evaluated. */
const takeSample = (
  stream: Stream,
  cylinder: Cylinder,
  gateway: string,
  sample: Sample,
  now: number,
): void => {
  const { policy } = stream;
  if (sample.t - now > policy.futureToleranceMs) {
    stream.out.push({ kind: 'quarantine', cylinder: cylinder.name, t: sample.t });
    return;
  }
  hearCylinder(stream, cylinder, gateway, now);
  const slot = Math.floor(sample.t / policy.samplePeriodMs);
  if (isLate(cylinder, slot)) stream.out.push({ kind: 'late', cylinder: cylinder.name, t: sample.t });
  else setBits(stream, cylinder, slot, sample);
  const due = highestSlot(cylinder) - Math.ceil(policy.latenessMs / policy.samplePeriodMs);
  evaluateUpTo(stream, cylinder, due, now);
};

const setBits = ({ policy }: Stream, cylinder: Cylinder, slot: number, sample: Sample): void => {
  const bits = cylinder.slots.get(slot) ?? { abnormal: false, running: false };
  const reading = policy.idle === null ? undefined : sample[policy.idle.sensor];
  const idle = policy.idle !== null && typeof reading === 'number' && reading < policy.idle.below;
  if (sample.probability >= policy.threshold) bits.abnormal = true;
  if (!idle) bits.running = true;
  cylinder.slots.set(slot, bits);
};
