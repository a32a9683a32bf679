import type { CylinderInput } from '../domain/alarm/fold-cylinder.ts';
import type { Received } from '../domain/message/read-message.ts';
import type { Sample } from '../domain/message/sample.ts';
import { SentinelError } from '../domain/sentinel-error.ts';
import {
  changeCylinders,
  changeGateways,
  type HeardPorts,
  type Heartbeat,
  UnsettledError,
} from './ledger/change-records.ts';

type SamplesInput = Extract<CylinderInput, { kind: 'samples' }>;

/** Messages of a batch whose cylinder or gateway the ledger did not take, by their places; all others are done with. */
export class UnevaluatedError extends SentinelError {
  override name = 'UnevaluatedError';
  readonly failures: readonly Readonly<{ index: number; error: Error }>[];

  constructor(failures: UnevaluatedError['failures'], of: number) {
    super('retry', `${failures.length} of ${of} messages could not be evaluated`, failures[0]?.error);
    this.failures = failures;
  }
}

const note = <T>(heard: Map<string, T[]>, name: string, what: T): void => {
  const before = heard.get(name);
  if (before === undefined) heard.set(name, [what]);
  else before.push(what);
};

/** The samples of a message by their cylinder; nearly all messages are of one. */
const byCylinder = ({ reading: { samples } }: Received): ReadonlyMap<string, readonly Sample[]> => {
  const [first] = samples;
  if (first === undefined) return new Map();
  if (samples.every(({ cylinder }) => cylinder === first.cylinder))
    return new Map([[first.cylinder, samples]]);
  return Map.groupBy(samples, ({ cylinder }) => cylinder);
};

/** The gateways that a message was heard through: a mapping may find those of several in one. */
const gatewaysOf = ({ reading: { gateway, samples } }: Received): ReadonlySet<string> => {
  const names = new Set<string>(gateway === null ? [] : [gateway]);
  for (const sample of samples) if (sample.gateway !== gateway) names.add(sample.gateway);
  return names;
};

/** What failed of a change by itself while the rest went well, or null; rejects where all of it failed. */
const unsettled = async (changing: Promise<void>): Promise<UnsettledError | null> => {
  try {
    await changing;
    return null;
  } catch (error) {
    if (error instanceof UnsettledError) return error;
    throw error;
  }
};

/**
 * Folds a batch of messages into the ledger: one save for each cylinder and gateway, whatever the batch holds of it,
 * with the notices that come of it. Rejects when the ledger fails, with an UnevaluatedError where it failed for some
 * only; the same batch may then be given again, whole or in part.
 */
export const evaluateSamples =
  (ports: HeardPorts) =>
  async (batch: readonly Received[]): Promise<void> => {
    const gateways = new Map<string, Heartbeat[]>();
    const cylinders = new Map<string, SamplesInput[]>();
    for (const message of batch) {
      const { raw, reading } = message;
      const { receivedAt } = raw;
      // Samples that the contract rejects are none for the alarm, but their message is one of the gateway.
      const heartbeat = { receivedAt, isAlone: reading.samples.length === 0 };
      for (const gateway of gatewaysOf(message)) note(gateways, gateway, heartbeat);
      for (const [name, samples] of byCylinder(message))
        note(cylinders, name, { kind: 'samples', receivedAt, samples });
    }
    const ofCylinders = await unsettled(
      changeCylinders(ports, [...cylinders.keys()], (name) => cylinders.get(name) ?? [], 'recent'),
    );
    const ofGateways = await unsettled(changeGateways(ports, gateways));
    const failures = batch.flatMap((message, index) => {
      const failed = message.reading.samples.find(({ cylinder }) => ofCylinders?.failures.has(cylinder));
      const unheard = [...gatewaysOf(message)].find((gateway) => ofGateways?.failures.has(gateway));
      const error =
        ofCylinders?.failures.get(failed?.cylinder ?? '') ?? ofGateways?.failures.get(unheard ?? '');
      return error === undefined ? [] : [{ index, error }];
    });
    if (failures.length > 0) throw new UnevaluatedError(failures, batch.length);
  };
