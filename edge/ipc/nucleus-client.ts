import { pause, untilAborted } from '../timing/timing.ts';

/** What the nucleus said to a request: `denied` is for a right that is missing, `failed` for everything that may pass. */
export type NucleusAnswer =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; reason: 'denied' | 'failed'; message: string }>;

/** A connection to the Greengrass nucleus that started this process, from its acceptance to its end. */
export type NucleusConnection = Readonly<{
  /**
   * Hands a message for AWS IoT Core over with QoS 1. That the nucleus took it does not say that AWS IoT has it. May
   * never settle: a connection that ends takes its answers with it.
   */
  publish(topic: string, payload: string): Promise<NucleusAnswer>;
  /** Calls back with the payload of each message that AWS IoT Core has on the topic. */
  subscribe(topic: string, onMessage: (payload: string) => void): Promise<NucleusAnswer>;
  /** The component's configuration as it is now; numbers and switches may have become strings on their way. */
  configuration(): Promise<unknown>;
  /** Calls back whenever the configuration has changed, from when this has resolved on. */
  onConfigurationChange(changed: () => void): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}>;

/** Connects to the nucleus, or rejects with what is wrong; with a NucleusRefusal when that knows this process no more. */
export type ConnectNucleus = () => Promise<NucleusConnection>;

/** The nucleus does not accept the token that it gave this process: only a new start gets another one. */
export class NucleusRefusal extends Error {
  override name = 'NucleusRefusal';
}

export type NucleusEvent = Readonly<{ kind: 'lost'; message: string }> | Readonly<{ kind: 'found' }>;

/** The nucleus, however often its connection has to be made again. */
export type NucleusClient = Pick<NucleusConnection, 'configuration' | 'onConfigurationChange'> &
  Readonly<{
    /** The connection that there is now, or null. */
    current(): NucleusConnection | null;
    /** Resolves when there is a connection, or at the signal. */
    ready(signal: AbortSignal): Promise<void>;
    /** Gives the connection up, as it got stuck, for a new one. */
    reset(): void;
    /** Resolves with the reason when no connection can be had any more without a new start. */
    hopeless: Promise<string>;
    close(): Promise<void>;
  }>;

/** Pauses between attempts to connect, ms; the last one repeats. */
const PAUSES_MS = [200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 120_000];
/** A nucleus that has just begun may not know its components yet. */
const REFUSALS = 5;

export type NucleusClientOptions = Readonly<{
  signal: AbortSignal;
  onEvent?: (event: NucleusEvent) => void;
  pausesMs?: readonly number[] | undefined;
}>;

/**
 * Connects, now and whenever the connection is lost, until the signal. A nucleus that is away is no error and told once;
 * rejects when the first answer is a refusal.
 */
export const openNucleusClient = async (
  connect: ConnectNucleus,
  { signal, onEvent = () => {}, pausesMs = PAUSES_MS }: NucleusClientOptions,
): Promise<NucleusClient> => {
  const ending = new AbortController();
  const closing = AbortSignal.any([signal, ending.signal]);
  const { promise: hopeless, resolve: giveUp } = Promise.withResolvers<string>();
  const listeners: (() => void)[] = [];
  let current: NucleusConnection | null = null;
  let connected = Promise.withResolvers<void>();
  let replace = () => {};

  /** Null at the signal. */
  async function connectWithPauses(refusalsAllowed: number): Promise<NucleusConnection | null> {
    let refusals = 0;
    for (let attempt = 0; !closing.aborted; attempt += 1) {
      try {
        const connection = await connect();
        if (attempt > 1) onEvent({ kind: 'found' });
        return connection;
      } catch (error) {
        refusals = error instanceof NucleusRefusal ? refusals + 1 : 0;
        if (refusals >= refusalsAllowed) throw error;
        const message = error instanceof Error ? error.message : String(error);
        if (attempt === 1) onEvent({ kind: 'lost', message });
        const pauseMs = pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 1000;
        await pause(pauseMs, closing);
      }
    }
    return null;
  }

  async function use(connection: NucleusConnection): Promise<void> {
    const { promise: replaced, resolve } = Promise.withResolvers<void>();
    replace = resolve;
    current = connection;
    connected.resolve();
    await untilAborted(Promise.race([connection.ended, replaced]), closing);
    // What is on its way at the end may still go; then nobody has it any more.
    if (closing.aborted) await untilAborted(connection.ended, ending.signal);
    current = null;
    connected = Promise.withResolvers();
    await connection.close().catch(() => {});
  }

  async function listen(connection: NucleusConnection): Promise<void> {
    for (const changed of listeners) {
      await connection.onConfigurationChange(changed).catch(() => {});
      changed();
    }
  }

  async function keepConnected(first: NucleusConnection | null): Promise<void> {
    for (let connection = first; connection !== null; ) {
      await use(connection);
      // A nucleus that drops us at once is not to be hammered.
      await pause(pausesMs[0] ?? 0, closing);
      connection = await connectWithPauses(REFUSALS);
      if (connection !== null) void listen(connection);
    }
  }

  const first = await connectWithPauses(1);
  const kept = keepConnected(first).catch((error: unknown) =>
    giveUp(error instanceof Error ? error.message : String(error)),
  );

  async function ready(until: AbortSignal): Promise<void> {
    const either = AbortSignal.any([until, closing]);
    while (current === null && !either.aborted) await untilAborted(connected.promise, either);
  }

  return {
    current: () => current,
    ready,
    reset: () => replace(),
    hopeless,
    async configuration() {
      for (;;) {
        await ready(closing);
        const connection = current;
        if (connection === null) throw new Error('there is no connection to the nucleus');
        const asked = await Promise.race([
          connection.configuration().then((value) => ({ value })),
          connection.ended.then(() => null),
        ]);
        if (asked !== null) return asked.value;
      }
    },
    async onConfigurationChange(changed) {
      listeners.push(changed);
      await current?.onConfigurationChange(changed);
    },
    async close() {
      ending.abort();
      await kept;
    },
  };
};
