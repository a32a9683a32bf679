import { namedCylinder } from '../message/named-cylinder.ts';
import type { MessageReading } from '../message/read-message.ts';
import type { Command } from './command.ts';
import { type CylinderInput, foldCylinder } from './fold-cylinder.ts';
import type { AlarmOutput } from './output.ts';
import type { Policy } from './policy.ts';
import { type GatewayState, hearGateway, tickGateway, tickSilence } from './silence.ts';
import type { CylinderState } from './state.ts';

/** The alarm of a whole line in memory: every cylinder and gateway that was ever heard of. */
export type World = Readonly<{
  cylinders: Map<string, CylinderState>;
  gateways: Map<string, GatewayState>;
}>;

/** The policy of a gateway and of each cylinder. */
export type PolicyOf = (cylinder: string | null) => Policy;

export const createWorld = (): World => ({ cylinders: new Map(), gateways: new Map() });

const fold = (
  world: World,
  cylinder: string,
  input: CylinderInput,
  policyOf: PolicyOf,
): readonly AlarmOutput[] => {
  const before = world.cylinders.get(cylinder) ?? null;
  const { state, outputs } = foldCylinder(cylinder, before, input, policyOf(cylinder));
  world.cylinders.set(cylinder, state);
  return outputs;
};

/** Folds one message as it was received. */
export const hear = (
  world: World,
  reading: MessageReading,
  receivedAt: number,
  policyOf: PolicyOf,
): AlarmOutput[] => {
  const { gateway, samples } = reading;
  const outputs: AlarmOutput[] = [];
  if (gateway !== null) {
    const heard = hearGateway(gateway, world.gateways.get(gateway) ?? null, receivedAt, policyOf(null));
    world.gateways.set(gateway, heard.state);
    outputs.push(...heard.outputs);
  }
  const cylinder = namedCylinder(reading);
  if (cylinder === null || (samples.length === 0 && !world.cylinders.has(cylinder))) return outputs;
  return outputs.concat(fold(world, cylinder, { kind: 'samples', receivedAt, samples }, policyOf));
};

/** Carries out a person's command, or refuses it. */
export const command = (
  world: World,
  cylinder: string,
  asked: Command,
  receivedAt: number,
  policyOf: PolicyOf,
): readonly AlarmOutput[] => fold(world, cylinder, { kind: 'command', receivedAt, command: asked }, policyOf);

/** The sweep: every cylinder, then every gateway, then the cylinders for silence. */
export const sweep = (world: World, receivedAt: number, policyOf: PolicyOf): AlarmOutput[] => {
  const outputs: AlarmOutput[] = [];
  for (const cylinder of world.cylinders.keys()) {
    for (const output of fold(world, cylinder, { kind: 'tick', receivedAt }, policyOf)) outputs.push(output);
  }
  for (const [gateway, state] of world.gateways) {
    const its = [...world.cylinders.values()].filter((cylinder) => cylinder.gateway === gateway);
    const swept = tickGateway(gateway, state, its, receivedAt, policyOf(null));
    world.gateways.set(gateway, swept.state);
    outputs.push(...swept.outputs);
  }
  for (const [cylinder, state] of world.cylinders) {
    const gateway = world.gateways.get(state.gateway ?? '');
    if (gateway === undefined) continue;
    const swept = tickSilence(cylinder, state, gateway, receivedAt, policyOf(cylinder));
    world.cylinders.set(cylinder, swept.state);
    outputs.push(...swept.outputs);
  }
  return outputs;
};
