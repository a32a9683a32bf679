import * as v from 'valibot';
import { type Fields, isFields } from '../fields.ts';
import { type MessageReading, readPayload } from '../message/read-message.ts';
import type { Command } from './commands/command.ts';
import { type CylinderInput, foldCylinder } from './fold-cylinder.ts';
import { tickCylinder } from './liveness/cylinder-liveness.ts';
import { type GatewayState, recordHeartbeat, tickGateway } from './liveness/liveness.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { faultsText, readPolicy } from './policy/read-policy.ts';
import type { AlarmOutput } from './state/output.ts';
import type { CylinderState } from './state/state.ts';

/** The alarm of a whole line in memory: every cylinder and gateway that was ever heard of. */
export type Plant = Readonly<{
  cylinders: Map<string, CylinderState>;
  gateways: Map<string, GatewayState>;
}>;

/** The policy of a gateway and of each cylinder. */
export type PolicyOf = (cylinder: string | null) => Policy;

export const createPlant = (): Plant => ({ cylinders: new Map(), gateways: new Map() });

const fold = (
  plant: Plant,
  cylinder: string,
  input: CylinderInput,
  policyOf: PolicyOf,
): readonly AlarmOutput[] => {
  const before = plant.cylinders.get(cylinder) ?? null;
  const { state, outputs } = foldCylinder(cylinder, before, input, policyOf(cylinder));
  plant.cylinders.set(cylinder, state);
  return outputs;
};

/** Folds one message as it was received. */
export const takeMessage = (
  plant: Plant,
  reading: MessageReading,
  receivedAt: number,
  policyOf: PolicyOf,
): AlarmOutput[] => {
  const { gateway, samples } = reading;
  const outputs: AlarmOutput[] = [];
  if (gateway !== null) {
    const heard = recordHeartbeat(gateway, plant.gateways.get(gateway) ?? null, receivedAt, policyOf(null));
    plant.gateways.set(gateway, heard.state);
    outputs.push(...heard.outputs);
  }
  const cylinder = samples[0]?.cylinder;
  if (cylinder === undefined) return outputs;
  return outputs.concat(fold(plant, cylinder, { kind: 'samples', receivedAt, samples }, policyOf));
};

/** Carries out a person's command, or refuses it. */
export const takeCommand = (
  plant: Plant,
  cylinder: string,
  command: Command,
  receivedAt: number,
  policyOf: PolicyOf,
): readonly AlarmOutput[] => fold(plant, cylinder, { kind: 'command', receivedAt, command }, policyOf);

/** The sweep: every cylinder, then every gateway, then whether each cylinder is heard and judged. */
export const sweepPlant = (plant: Plant, receivedAt: number, policyOf: PolicyOf): AlarmOutput[] => {
  const outputs: AlarmOutput[] = [];
  for (const cylinder of plant.cylinders.keys()) {
    for (const output of fold(plant, cylinder, { kind: 'tick', receivedAt }, policyOf)) outputs.push(output);
  }
  const cylindersOf = Map.groupBy(plant.cylinders.values(), ({ gateway }) => gateway);
  for (const [gateway, state] of plant.gateways) {
    const ticked = tickGateway(gateway, state, cylindersOf.get(gateway) ?? [], receivedAt, policyOf(null));
    plant.gateways.set(gateway, ticked.state);
    outputs.push(...ticked.outputs);
  }
  for (const [cylinder, state] of plant.cylinders) {
    const gateway = plant.gateways.get(state.gateway ?? '') ?? null;
    const ticked = tickCylinder(cylinder, state, gateway, receivedAt, policyOf(cylinder));
    plant.cylinders.set(cylinder, ticked.state);
    outputs.push(...ticked.outputs);
  }
  return outputs;
};

type ReplayStep =
  | Readonly<{ ok: true; lines: readonly (AlarmOutput | BeginOutput)[] }>
  | Readonly<{ ok: false; message: string }>;

/** Echoes the line that opened a stream. */
type BeginOutput = Readonly<{ kind: 'begin'; seed: unknown }>;

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
