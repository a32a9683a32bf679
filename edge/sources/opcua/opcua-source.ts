import { createHeldSamples, type HeldSamples } from '../held-samples.ts';
import { mappedSamples } from '../mapped-samples.ts';
import { createChannel, type SourceSample } from '../source.ts';
import type { DataValue } from './opcua-module.ts';
import { type MappedNode, mappedNodes, plainValue } from './opcua-nodes.ts';
import { opcuaFault } from './opcua-session.ts';
import { type OpcuaParts, subscribe } from './opcua-subscription.ts';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
const CLOCK_OFF_MS = 60_000;
/** Good, with whatever a server adds to it. https://reference.opcfoundation.org/Core/Part4/v105/docs/7.39 */
const isGood = (value: number): boolean => value >>> 30 === 0;

/** What a server says of values, as samples by its own times. */
export const createOpcuaReader = (parts: Pick<OpcuaParts, 'mapping' | 'opcua' | 'now' | 'onEvent'>) => {
  const { mapping, opcua, now, onEvent } = parts;
  const periodMs = mapping.periodMs ?? 1000;
  const source = opcua.url;
  const samplesOf = mappedSamples(mapping, { source, onEvent, deviceOf: (cylinder) => cylinder });
  const cylinders = new Map<string, HeldSamples>();
  const lastSaid = new Map<MappedNode, number>();
  for (const { cylinder } of mappedNodes(mapping, opcua))
    cylinders.set(cylinder, createHeldSamples(periodMs));
  const isByArrival = mapping.time?.arrival === true;
  let isClockTold = false;

  const takeValue = (node: MappedNode, said: DataValue, arrival: number): void => {
    const { statusCode, sourceTimestamp, serverTimestamp } = said;
    const t = isByArrival ? arrival : ((sourceTimestamp ?? serverTimestamp)?.getTime() ?? arrival);
    const held = cylinders.get(node.cylinder);
    const before = lastSaid.get(node);
    if (statusCode.hasOverflowBit === true) {
      const message = `${node.cylinder}: ${node.nodeId}: the server's queue ran over before this gateway fetched it: values are lost`;
      onEvent({ kind: 'bad-line', source, reason: 'overflow', message });
      // What its queue has dropped was not this value before.
      if (before !== undefined && t - before > 2 * periodMs)
        held?.change({ t: before + periodMs, from: node.from, value: null });
    }
    lastSaid.set(node, t);
    const isUsed = isGood(statusCode.value);
    if (!isUsed) {
      const message = `${node.cylinder}: ${node.nodeId}: ${statusCode.name}`;
      onEvent({ kind: 'bad-line', source, reason: 'status', message });
    }
    const value = isUsed ? (plainValue(said.value?.value, said.value?.dataType) ?? null) : null;
    held?.change({ t, from: node.from, value });
  };

  const tellClock = (server: number): void => {
    const off = server - now();
    if (isClockTold || isByArrival || Math.abs(off) <= CLOCK_OFF_MS) return;
    isClockTold = true;
    const seconds = Math.round(Math.abs(off) / 1000);
    const message = `its clock is ${seconds} s ${off < 0 ? 'behind' : 'ahead'}, and samples bear its times; "time": "arrival" in the map takes those of this gateway`;
    onEvent({ kind: 'bad-line', source, reason: 'clock', message });
  };

  return {
    /** Values in the order of a message, and the server's clock as of it; null where it does not say. */
    take(
      values: readonly (readonly [MappedNode, DataValue])[],
      server: number | null,
    ): readonly SourceSample[] {
      const arrival = now();
      if (server !== null) tellClock(server);
      for (const [node, said] of values) takeValue(node, said, arrival);
      const t = isByArrival || server === null ? arrival : server;
      return [...cylinders].flatMap(([cylinder, held]) =>
        held.advance(t).flatMap(({ t: at, found }) => samplesOf({ cylinder, t: Math.round(at), found })),
      );
    },
    forget(): void {
      lastSaid.clear();
      for (const held of cylinders.values()) held.forget();
    },
  };
};

/**
 * Values of a server of OPC UA by subscription, a sample of each cylinder each period. It goes on as long as the signal
 * is not given: over a cut the server keeps what changes, and one that was restarted is asked for its nodes anew.
 */
export async function* opcuaSource(parts: OpcuaParts): AsyncGenerator<readonly SourceSample[], void> {
  const { opcua, onEvent, signal, wait } = parts;
  const source = opcua.url;
  const channel = createChannel<readonly SourceSample[]>();
  const ending = new AbortController();
  const ended = AbortSignal.any([signal, ending.signal]);
  const reader = createOpcuaReader(parts);
  const run = async (): Promise<void> => {
    let retryMs = FIRST_RETRY_MS;
    while (!ended.aborted) {
      try {
        await subscribe({ ...parts, signal: ended }, (values, server) => {
          retryMs = FIRST_RETRY_MS;
          const samples = reader.take(values, server);
          if (samples.length > 0) void channel.send(samples);
        });
      } catch (error) {
        if (ended.aborted) return;
        if (error instanceof Error && error.name === 'DriverMissing') throw error;
        const message = opcuaFault(error, opcua);
        onEvent({ kind: 'bad-line', source, reason: 'connection', message });
      }
      // A new session tells every value again; what held before it is not known to have held since.
      reader.forget();
      await wait(retryMs, ended);
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    }
  };
  const running = run().finally(channel.end);
  try {
    yield* channel.items();
    await running;
  } finally {
    ending.abort();
    await running.catch(() => {});
  }
}
