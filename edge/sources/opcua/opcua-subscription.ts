import type { OpcuaMapping } from '../../../domain/mapping/connections.ts';
import type { Mapping } from '../../../domain/mapping/mapping.ts';
import type { OnSourceEvent } from '../source.ts';
import { createMessageOrder } from './message-order.ts';
import type { DataValue, MonitoredItem, Notified, Subscription } from './opcua-module.ts';
import { type MappedNode, mappedNodes, nodeIdAt } from './opcua-nodes.ts';
import { type OnConnection, type OpcuaSession, openOpcuaSession, readNamespaces } from './opcua-session.ts';

export type OpcuaParts = Readonly<{
  mapping: Mapping;
  opcua: OpcuaMapping;
  /** ms since the epoch. */
  now: () => number;
  /** Resolves so many ms later, or at once when the signal is given. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  onEvent: OnSourceEvent;
  signal: AbortSignal;
  /** For so long a server is asked to keep what changes over a cut, ms; ten minutes by default. */
  keptMs?: number;
}>;

/** Called with the values of each message, and the server's clock as of it. */
type OnValues = (values: readonly (readonly [MappedNode, DataValue])[], server: number | null) => void;

/** The server's clock, as a node. */
const CLOCK = 'i=2258';
const CLOCK_NODE: MappedNode = { cylinder: '', from: '', nodeId: CLOCK };
const KEPT_MS = 600_000;
const ITEMS_A_CALL = 200;
const LOOK_AGAIN_MS = 60_000;
const YEAR_2015 = 1_420_070_400_000;

type Monitored = Map<number, MappedNode>;

const timeOf = (value: unknown): number | null =>
  value instanceof Date && value.getTime() >= YEAR_2015 ? value.getTime() : null;

const readNotified = ({ notificationData, publishTime }: Notified, nodes: Monitored) => {
  const values: (readonly [MappedNode, DataValue])[] = [];
  let server = timeOf(publishTime);
  for (const { clientHandle, value } of (notificationData ?? []).flatMap(
    (one) => one?.monitoredItems ?? [],
  )) {
    const node = nodes.get(clientHandle);
    if (node === CLOCK_NODE) server = Math.max(server ?? 0, timeOf(value.value?.value) ?? 0) || null;
    else if (node !== undefined) values.push([node, value]);
  }
  return { values, server };
};

const CLOCK_SILENT_MS = 5000;

/**
 * Up to when a server has said all, by its own clock. A message without a time is as old as the last one with one: of
 * what was kept over a cut there are many. Only a server that gives none for long is taken to be on time.
 */
const createServerClock = (now: () => number) => {
  let last: Readonly<{ server: number; at: number }> | null = null;
  return {
    asOf(server: number | null): number | null {
      if (server !== null) last = { server, at: now() };
      if (last === null) return null;
      const silentMs = now() - last.at;
      return last.server + (silentMs > CLOCK_SILENT_MS ? silentMs : 0);
    },
    /** After a cut, in which it could not tell. */
    resume(): void {
      if (last !== null) last = { ...last, at: now() };
    },
  };
};

/** Monitors nodes, and gives those that the server does not have, each with why. */
const monitor = async (
  { module, namespaces }: OpcuaSession,
  subscription: Subscription,
  nodes: readonly MappedNode[],
  { periodMs, keptMs = KEPT_MS }: Readonly<{ periodMs: number; keptMs?: number | undefined }>,
  monitored: Monitored,
): Promise<readonly (readonly [MappedNode, string])[]> => {
  const missing: (readonly [MappedNode, string])[] = [];
  const there: { node: MappedNode; nodeId: string }[] = [];
  for (const node of nodes) {
    const nodeId = nodeIdAt(node.nodeId, namespaces);
    if (nodeId !== null) there.push({ node, nodeId });
    else missing.push([node, `it has no such namespace, but ${namespaces.slice(1).join(', ')}`]);
  }
  for (let first = 0; first < there.length; first += ITEMS_A_CALL) {
    const some = there.slice(first, first + ITEMS_A_CALL);
    const attributeId = module.AttributeIds.Value;
    const { monitoredItems } = await subscription.monitorItems(
      some.map(({ nodeId }) => ({ nodeId, attributeId })),
      { samplingInterval: periodMs, queueSize: Math.ceil(keptMs / periodMs), discardOldest: true },
      module.TimestampsToReturn.Both,
    );
    for (const [index, { node }] of some.entries()) {
      const item: MonitoredItem | undefined = monitoredItems[index];
      if (item === undefined) continue;
      if (item.statusCode.value === 0) monitored.set(item.monitoringParameters.clientHandle, node);
      else
        missing.push([
          node,
          item.statusCode.name === 'BadNodeIdUnknown' ? 'it has no such node' : item.statusCode.name,
        ]);
    }
  }
  return missing;
};

/**
 * Hands on what a server says of a map's nodes, until the signal, or until the server is not the same any more: then
 * all is to be asked anew. Rejects where it cannot be connected to.
 */
export const subscribe = async (parts: OpcuaParts, onValues: OnValues): Promise<void> => {
  const { mapping, opcua, onEvent, signal, wait } = parts;
  const periodMs = mapping.periodMs ?? 1000;
  const asked = { periodMs, keptMs: parts.keptMs };
  const source = opcua.url;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const tell = (reason: string, message: string): void =>
    onEvent({ kind: 'bad-line', source, reason, message });
  let onLost = (): void => {};
  let onBack = (): void => {};
  const onConnection: OnConnection = (event) => {
    if (signal.aborted) return;
    if (event === 'unreachable') return tell('connection', 'it cannot be reached; trying again');
    if (event === 'lost') {
      // Until it is known to be the same server with the same nodes, nothing that it says is taken.
      onLost();
      return tell('connection', 'the connection is lost; trying again');
    }
    if (event === 'back') return onBack();
    over.abort();
  };
  const opened = await openOpcuaSession(opcua, onConnection, signal);
  const { module, session, namespaces } = opened;
  try {
    const subscription = await session.createSubscription2({
      requestedPublishingInterval: periodMs / 2,
      requestedLifetimeCount: Math.ceil((2 * KEPT_MS) / periodMs),
      requestedMaxKeepAliveCount: 2,
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 1,
    });
    const monitored: Monitored = new Map();
    const clock = createServerClock(parts.now);
    const id = subscription.subscriptionId;
    const take = (message: Notified): void => {
      const { values, server } = readNotified(message, monitored);
      onValues(values, clock.asOf(server));
    };
    const order = createMessageOrder(take);
    subscription.on('terminated', () => over.abort());
    subscription.on('raw_notification', order.arrive);
    const republish = async (retransmitSequenceNumber: number): Promise<Notified | null> => {
      const asked = { subscriptionId: id, retransmitSequenceNumber };
      const { responseHeader, notificationMessage } = await session.republish(asked);
      return responseHeader.serviceResult.value === 0 ? notificationMessage : null;
    };
    const release = async (): Promise<boolean> => {
      clock.resume();
      // Whatever a server refuses it with: it cannot be had again.
      const lost = await order.release((wanted) => republish(wanted).catch(() => null));
      if (lost === null) return false;
      if (lost > 0)
        tell('overflow', `the server did not keep ${lost} messages over the cut: values are lost`);
      return true;
    };
    onLost = order.hold;
    onBack = () => {
      readNamespaces(module, session)
        .then(async (now) => {
          const isSame = subscription.subscriptionId === id && now.join('\n') === namespaces.join('\n');
          if (!isSame) return over.abort();
          if (await release())
            onEvent({ kind: 'well', source, message: 'connected again; what changed meanwhile was kept' });
        })
        .catch(() => over.abort());
    };
    await monitor(opened, subscription, [CLOCK_NODE], { periodMs: periodMs / 2 }, monitored);
    const clocks = monitored.size;
    let missing = await monitor(opened, subscription, mappedNodes(mapping, opcua), asked, monitored);
    await release();
    onEvent({ kind: 'well', source, message: `connected; ${monitored.size - clocks} nodes are read` });
    while (!ended.aborted) {
      for (const [{ cylinder, nodeId }, why] of missing) tell('node', `${cylinder}: ${nodeId}: ${why}`);
      await wait(LOOK_AGAIN_MS, ended);
      const again = missing.map(([node]) => node);
      if (again.length > 0 && !ended.aborted)
        missing = await monitor(opened, subscription, again, asked, monitored);
    }
  } finally {
    await opened.close();
  }
};
