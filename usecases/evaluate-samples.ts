import type { CylinderInput } from '../domain/alarm/fold-cylinder.ts';
import type { Received } from '../domain/message/read-message.ts';
import { changeCylinders } from './ledger/change-cylinders.ts';
import { changeGateways, type HeardPorts, type Heartbeat } from './ledger/change-gateways.ts';

export type EvaluatePorts = HeardPorts;

type SamplesInput = Extract<CylinderInput, { kind: 'samples' }>;

const note = <T>(heard: Map<string, T[]>, name: string, what: T): void => {
  const before = heard.get(name);
  if (before === undefined) heard.set(name, [what]);
  else before.push(what);
};

/**
 * Folds a batch of messages into the ledger: one save for each cylinder and gateway, whatever the batch holds of it,
 * with the notices that come of it. Rejects when the ledger fails; the same batch may then be given again.
 */
export const evaluateSamples =
  (ports: EvaluatePorts) =>
  async (batch: readonly Received[]): Promise<void> => {
    const gateways = new Map<string, Heartbeat[]>();
    const cylinders = new Map<string, SamplesInput[]>();
    for (const { raw, reading } of batch) {
      const { receivedAt } = raw;
      // Samples that the contract rejects are none for the alarm, but their message is one of the gateway.
      const name = reading.samples[0]?.cylinder;
      const heartbeat = { receivedAt, isAlone: name === undefined };
      if (reading.gateway !== null) note(gateways, reading.gateway, heartbeat);
      if (name !== undefined)
        note(cylinders, name, { kind: 'samples', receivedAt, samples: reading.samples });
    }
    await changeCylinders(ports, [...cylinders.keys()], (name) => cylinders.get(name) ?? []);
    await changeGateways(ports, gateways);
  };
