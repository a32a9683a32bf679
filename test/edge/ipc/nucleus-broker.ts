/** A nucleus's times in ms, all shortened alike where a test lives through minutes. */
export type NucleusTimes = Readonly<{
  keepAliveMs: number;
  /** From the nucleus to AWS IoT. */
  oneWayMs: number;
  /** To connect anew, from the first packet on. */
  handshakeMs: number;
  /** Pauses between attempts to connect; the last one repeats. */
  retryMs: readonly number[];
}>;

/** Those of nucleus lite 2.6, so many times as fast; what lies between is as fast as ever. */
export const nucleusTimes = (speed: number): NucleusTimes => ({
  keepAliveMs: 30_000 / speed,
  oneWayMs: 3,
  handshakeMs: 60,
  retryMs: [5000, 10_000, 20_000, 40_000, 80_000].map((ms) => ms / speed),
});

/** What lies between a nucleus lite and AWS IoT. */
export type NucleusBroker = Readonly<{
  /** Whether the nucleus took it: stored in memory and written to its connection. */
  publish(topic: string, payload: string): boolean;
  /** Lasts over connections, which it is made on again. */
  subscribe(topic: string, onMessage: (payload: string) => void): () => void;
  onArrived(listener: (topic: string, payload: string) => void): void;
  /** From now on no byte passes, and nobody says so; or all is well again. */
  blackHole(isHole: boolean): void;
  /** The other side ends the connection: what was written and has not arrived is gone. */
  cut(): void;
  /** The nucleus begins anew: its memory is gone. */
  restart(): void;
  close(): void;
}>;

const MAX_PACKETS = 10;
const MAX_BYTES = 15_000;
const HEAD_BYTES = 7;

type Packet = { topic: string; payload: string; bytes: number; life: number };

/**
 * Nucleus lite 2.6 as it was measured: it stores at most 10 packets and 15,000 bytes, drops them when it connects anew,
 * with a clean session, and notices a connection that is dead when a second keep-alive falls due.
 */
export const nucleusBroker = (times: NucleusTimes = nucleusTimes(1)): NucleusBroker => {
  let store: Packet[] = [];
  let wire: Packet[] = [];
  let [isHole, isConnected, isPinging, life] = [false, true, false, 0];
  const arrivals: ((topic: string, payload: string) => void)[] = [];
  const subscriptions = new Set<Readonly<{ topic: string; onMessage: (payload: string) => void }>>();
  const timers = new Set<NodeJS.Timeout>();

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer.unref());
  }

  function arrive(packet: Packet): void {
    if (packet.life !== life) return;
    if (isHole) {
      wire.push(packet);
      return;
    }
    for (const arrived of arrivals) arrived(packet.topic, packet.payload);
    later(times.oneWayMs, () => comeBack(packet));
  }

  /** The acknowledgement, and the message where it is subscribed to. */
  function comeBack(packet: Packet): void {
    if (packet.life !== life || isHole) return;
    store = store.filter((stored) => stored !== packet);
    for (const { topic, onMessage } of subscriptions) if (topic === packet.topic) onMessage(packet.payload);
  }

  function lose(): void {
    life += 1;
    [store, wire, isConnected, isPinging] = [[], [], false, false];
    connect(0);
  }

  function connect(attempt: number): void {
    const own = life;
    later(times.handshakeMs, () => {
      if (own !== life) return;
      isConnected = !isHole;
      const pauseMs = times.retryMs[Math.min(attempt, times.retryMs.length - 1)] ?? 0;
      if (isHole) later(pauseMs, () => own === life && connect(attempt + 1));
    });
  }

  const keepAlive = setInterval(() => {
    if (!isConnected) return;
    if (isPinging) lose();
    else isPinging = isHole;
  }, times.keepAliveMs).unref();

  return {
    publish(topic, payload) {
      const bytes = Buffer.byteLength(topic) + Buffer.byteLength(payload) + HEAD_BYTES;
      const stored = store.reduce((sum, packet) => sum + packet.bytes, 0);
      if (!isConnected || store.length >= MAX_PACKETS || stored + bytes > MAX_BYTES) return false;
      const packet = { topic, payload, bytes, life };
      store.push(packet);
      later(times.oneWayMs, () => arrive(packet));
      return true;
    },
    subscribe(topic, onMessage) {
      const subscription = { topic, onMessage };
      subscriptions.add(subscription);
      return () => subscriptions.delete(subscription);
    },
    onArrived: (listener) => void arrivals.push(listener),
    blackHole(next) {
      isHole = next;
      if (isHole) return;
      // TCP repeats what it has not brought across, as long as the connection lives.
      isPinging = false;
      for (const packet of wire.splice(0)) arrive(packet);
      const own = life;
      for (const packet of store) later(times.oneWayMs, () => own === life && comeBack(packet));
    },
    cut: lose,
    restart: lose,
    close() {
      clearInterval(keepAlive);
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
