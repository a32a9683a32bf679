import * as v from 'valibot';
import { type MessageReading, readPayload } from '../message/read-message.ts';
import { createPlant, type Plant, sweepPlant, takeCommand, takeMessage } from './plant.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import type { AlarmOutput, LateOutput, QuarantineOutput } from './state/output.ts';

export type ReplayStep =
  | Readonly<{ ok: true; lines: readonly (AlarmOutput | BeginOutput)[] }>
  | Readonly<{ ok: false; message: string }>;

/** Echoes the line that opened a stream. */
export type BeginOutput = Readonly<{ kind: 'begin'; seed: unknown }>;

const time = v.pipe(v.number(), v.safeInteger());
const fields = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const replayLine = v.union([
  v.object({ policy: fields, receivedAt: v.optional(time), seed: v.optional(v.unknown()) }),
  v.object({ receivedAt: time, topic: v.string(), payload: v.unknown() }),
  v.object({ receivedAt: time, tick: v.literal(true) }),
  v.object({ receivedAt: time, cylinder: v.string(), command: fields }),
]);

type ReplayLine = v.InferOutput<typeof replayLine>;

const isOfSample = (output: AlarmOutput): output is LateOutput | QuarantineOutput =>
  output.kind === 'late' || output.kind === 'quarantine';

/** What became of the samples of one message, in the order of the message: those that were not understood among the others. */
const inOrder = ({ samples, rejections }: MessageReading, outputs: readonly AlarmOutput[]): AlarmOutput[] => {
  const folded = outputs.filter(isOfSample);
  const ordered: AlarmOutput[] = outputs.filter((output) => !isOfSample(output));
  const rejected = new Map(rejections.map((rejection) => [rejection.index, rejection]));
  let next = 0;
  let sample = 0;
  for (let index = 0; index < samples.length + rejected.size; index += 1) {
    const { cylinder, t } = rejected.get(index) ?? { cylinder: null, t: null };
    if (cylinder !== null && t !== null) ordered.push({ kind: 'quarantine', cylinder, t });
    if (rejected.has(index)) continue;
    const output = folded[next];
    if (output !== undefined && output.t === samples[sample]?.t) {
      ordered.push(output);
      next += 1;
    }
    sample += 1;
  }
  return ordered;
};

const received = (plant: Plant, topic: string, payload: unknown, receivedAt: number, policy: Policy) => {
  const reading = readPayload(topic, payload);
  const outputs = takeMessage(plant, reading, receivedAt, () => policy);
  return reading.rejections.length === 0 ? outputs : inOrder(reading, outputs);
};

/**
 * The alarm as a black box: takes the lines of a recording one after the other, as JSON values, and answers each with
 * what the alarm says of it. Several streams may follow one another; time is `receivedAt` and nothing else.
 */
export const createReplay = (): ((line: unknown) => ReplayStep) => {
  let plant = createPlant();
  let policy = DEFAULT_POLICY;

  const take = (line: Exclude<ReplayLine, { policy: unknown }>): readonly AlarmOutput[] => {
    if ('topic' in line) return received(plant, line.topic, line.payload, line.receivedAt, policy);
    if ('tick' in line) return sweepPlant(plant, line.receivedAt, () => policy);
    return takeCommand(plant, line.cylinder, line.command, line.receivedAt, () => policy);
  };

  return (value) => {
    const parsed = v.safeParse(replayLine, value);
    if (!parsed.success) return { ok: false, message: 'not a policy, a message, a tick or a command' };
    const line = parsed.output;
    if (!('policy' in line)) return { ok: true, lines: take(line) };
    // In mid-stream the whole policy changes but for the period, which would start every cylinder afresh.
    const isOpening = line.receivedAt === undefined;
    const { samplePeriodMs } = policy;
    const reading = readPolicy(isOpening ? line.policy : { ...line.policy, samplePeriodMs });
    if (!reading.ok) {
      return {
        ok: false,
        message: reading.faults.map(({ field, message }) => `${field} ${message}`).join('; '),
      };
    }
    policy = reading.policy;
    if (!isOpening) return { ok: true, lines: [] };
    plant = createPlant();
    return { ok: true, lines: [{ kind: 'begin', seed: line.seed }] };
  };
};
