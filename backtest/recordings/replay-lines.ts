import type { Policy } from '../../domain/alarm/policy/policy.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { LabelledSample, RecordedMessage, Recording } from './recording.ts';

/** A line of JSON as `sentinel replay` reads it. */
type ReplayLine = Readonly<Record<string, unknown>>;

const sampleFields = ({ t, seq, probability, values }: LabelledSample): ReplayLine => ({
  t,
  ...(seq === null ? {} : { seq }),
  ...Object.fromEntries(
    SENSORS.flatMap((sensor, index) => (values[index] == null ? [] : [[sensor, values[index]]])),
  ),
  probability,
});

/** A message as a gateway would have sent it; the samples are all of one cylinder. */
const messageLine = ({ gateway, receivedAt, samples }: RecordedMessage): readonly ReplayLine[] => {
  const [first] = samples;
  if (first === undefined) return [];
  const { cylinder, boot, model } = first;
  const payload = {
    v: 1,
    cylinder,
    ...(boot === null ? {} : { boot }),
    ...(model === null ? {} : { model }),
    samples: samples.map(sampleFields),
  };
  return [{ receivedAt, topic: `greengrass/ml/inference/${gateway}/${cylinder}`, payload }];
};

/** How often the alarm is swept, ms. */
const TICK_MS = 60_000;

/**
 * What a pipeline stored of a cylinder as input of `sentinel replay`: its policy, its messages as they were received, and
 * a sweep each minute. What people asked for is not stored with the samples, and so not among the lines.
 */
export async function* replayLines(
  recording: Recording,
  cylinder: string,
  policy: Policy,
): AsyncGenerator<ReplayLine, void> {
  yield { policy };
  let nextTick: number | null = null;
  for await (const messages of recording.messages()) {
    for (const message of messages) {
      const own = message.samples.filter((sample) => sample.cylinder === cylinder);
      if (own.length === 0) continue;
      const { receivedAt } = message;
      nextTick ??= receivedAt + TICK_MS;
      for (; nextTick <= receivedAt; nextTick += TICK_MS) yield { receivedAt: nextTick, tick: true };
      yield* messageLine({ ...message, samples: own });
    }
  }
  if (nextTick !== null) yield { receivedAt: nextTick, tick: true };
}
