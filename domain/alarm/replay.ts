import * as v from 'valibot';
import { type Fields, isFields } from '../fields.ts';
import { readPayload } from '../message/read-message.ts';
import { createPlant, sweepPlant, takeCommand, takeMessage } from './plant.ts';
import { DEFAULT_POLICY } from './policy/policy.ts';
import { faultsText, readPolicy } from './policy/read-policy.ts';
import type { AlarmOutput } from './state/output.ts';

export type ReplayStep =
  | Readonly<{ ok: true; lines: readonly (AlarmOutput | BeginOutput)[] }>
  | Readonly<{ ok: false; message: string }>;

/** Echoes the line that opened a stream. */
export type BeginOutput = Readonly<{ kind: 'begin'; seed: unknown }>;

const time = v.pipe(v.number(), v.safeInteger());
const fields = v.custom<Fields>(isFields);

const replayLine = v.union([
  v.object({ policy: fields, receivedAt: v.optional(time), seed: v.optional(v.unknown()) }),
  v.object({ receivedAt: time, topic: v.string(), payload: v.unknown() }),
  v.object({ receivedAt: time, tick: v.literal(true) }),
  v.object({ receivedAt: time, cylinder: v.string(), command: fields }),
]);

type ReplayLine = v.InferOutput<typeof replayLine>;

/**
 * The alarm as a black box: takes the lines of a recording one after the other, as JSON values, and answers each with
 * what the alarm says of it. Several streams may follow one another; time is `receivedAt` and nothing else.
 */
export const createReplay = (): ((line: unknown) => ReplayStep) => {
  let plant = createPlant();
  let policy = DEFAULT_POLICY;

  const take = (line: Exclude<ReplayLine, { policy: unknown }>): readonly AlarmOutput[] => {
    if ('topic' in line)
      return takeMessage(plant, readPayload(line.topic, line.payload), line.receivedAt, () => policy);
    if ('tick' in line) return sweepPlant(plant, line.receivedAt, () => policy);
    return takeCommand(plant, line.cylinder, line.command, line.receivedAt, () => policy);
  };

  return (value) => {
    const parsed = v.safeParse(replayLine, value);
    if (!parsed.success) return { ok: false, message: 'not a policy, a message, a tick or a command' };
    const line = parsed.output;
    if (!('policy' in line)) return { ok: true, lines: take(line) };
    const reading = readPolicy(line.policy);
    if (!reading.ok) {
      return {
        ok: false,
        message: faultsText(reading.faults),
      };
    }
    policy = reading.policy;
    if (line.receivedAt !== undefined) return { ok: true, lines: [] };
    plant = createPlant();
    return { ok: true, lines: [{ kind: 'begin', seed: line.seed }] };
  };
};
