import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';

/** What clients may have of a broker, so that none can take it from the others. */
export type Bounds = Readonly<{
  /** Connections at a time; null follows what the process may open. */
  connections: number | null;
  /** Retained messages, of all clients; one may have a quarter of the number and of the bytes. */
  retained: Readonly<{ messages: number; bytes: number }>;
  /** Filters that a client, and that all together, may have subscribed to. */
  subscriptions: Readonly<{ ofClient: number; all: number }>;
  /** Sessions that stay when their client is away. */
  sessions: number;
  /** What may wait in the process for a client that does not read, bytes. */
  unreadBytes: number;
  /** Requests that change a shadow: so many at once, and then so many a second, of a client. */
  shadowWrites: Readonly<{ burst: number; perSecond: number }>;
  /** Messages and bytes that are being stored at a time; whatever else waits for its client's turn. */
  storing: Readonly<{ messages: number; bytes: number }>;
}>;

const MIB = 1024 * 1024;

export const DEFAULT_BOUNDS: Bounds = {
  connections: null,
  retained: { messages: 10_000, bytes: 16 * MIB },
  subscriptions: { ofClient: 1_000, all: 50_000 },
  sessions: 1_000,
  unreadBytes: 16 * MIB,
  shadowWrites: { burst: 500, perSecond: 50 },
  storing: { messages: 2_000, bytes: MIB },
};

/** A share that is used up and comes back with time: `burst` at once, `perSecond` after that. */
export type Allowance = Readonly<{ take(amount: number, nowMs: number): boolean }>;

export const createAllowance = ({
  burst,
  perSecond,
}: Readonly<{ burst: number; perSecond: number }>): Allowance => {
  let left = burst;
  let atMs: number | null = null;
  return {
    take: (amount, nowMs) => {
      left = Math.min(burst, left + ((nowMs - (atMs ?? nowMs)) / 1000) * perSecond);
      atMs = nowMs;
      if (amount > left) return false;
      left -= amount;
      return true;
    },
  };
};

/** How many connections the process can hold, by what it may open and has open; the rest is for its files. */
export const connectionsByDescriptors = (limit: number, open: number): number =>
  Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, limit - open - FOR_FILES));

const MAX_CONNECTIONS = 4_096;
const MIN_CONNECTIONS = 4;
/** DuckDB's and SQLite's files, commands and webhooks that notify, and connections that are being refused. */
const FOR_FILES = 24;

/** What the process may have open; as little as systems allow by default where that is not known. */
const descriptorLimit = (): number => {
  // Else it looks up the name of every address that the process is connected to.
  Object.assign(process.report, { excludeNetwork: true });
  const report: object = process.report.getReport();
  const limits: unknown = 'userLimits' in report ? report.userLimits : null;
  const files: unknown =
    typeof limits === 'object' && limits !== null && 'open_files' in limits ? limits.open_files : null;
  const soft: unknown = typeof files === 'object' && files !== null && 'soft' in files ? files.soft : null;
  return typeof soft === 'number' ? soft : soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : 1024;
};

const openDescriptors = (): number => {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).length;
    } catch {
      // Another system.
    }
  }
  return 64;
};

/** Kept for clients of this machine: the gateway of the run itself, and a command that asks. */
const FOR_THIS_MACHINE = 2;
const BEING_REFUSED = 8;

type ConnectionCount = Readonly<{
  /** Whether one more may stay; counts it until it is closed. */
  admit(socket: Socket, isLocal: boolean): boolean;
  /** How many there may be at a time. */
  max: number;
}>;

/** Bounds connections, and those of each address on another machine to half of all. */
export const createConnectionCount = (bound: number | null): ConnectionCount => {
  const max = bound ?? connectionsByDescriptors(descriptorLimit(), openDescriptors());
  const byAddress = new Map<string, number>();
  let open = 0;
  let refused = 0;

  const change = (address: string, by: 1 | -1): void => {
    open += by;
    const count = (byAddress.get(address) ?? 0) + by;
    if (count === 0) byAddress.delete(address);
    else byAddress.set(address, count);
  };

  return {
    max,
    admit: (socket, isLocal) => {
      const address = isLocal ? 'local' : (socket.remoteAddress ?? '');
      const isFull = isLocal
        ? open >= max
        : open >= max - FOR_THIS_MACHINE || (byAddress.get(address) ?? 0) >= Math.max(1, max / 2);
      if (!isFull) {
        change(address, 1);
        socket.once('close', () => change(address, -1));
        return true;
      }
      refused += 1;
      socket.once('close', () => {
        refused -= 1;
      });
      if (refused > BEING_REFUSED) socket.destroy();
      return false;
    },
  };
};

/**
 * Writes a line to a log. `cause` is what kind of thing happened, `key` to whom: a client that comes back every second,
 * for ever, is told of once an hour; where the key is empty, each time counts.
 */
export type LimitedLog = (cause: string, key: string, line: string) => void;

const MAX_OF_CAUSE = 10;
const PERIOD_MS = 60_000;
const SAME_KEY_MS = 3_600_000;
const MAX_KEYS = 1_000;

type Cause = { sinceMs: number; written: number; left: number };

/**
 * Bounds what a log gets of one cause to ten lines a minute; how many more there were is said with the first one after
 * it. `nowMs` is any clock that does not go back.
 */
export const limitedLog = (log: (line: string) => void, nowMs: () => number): LimitedLog => {
  const causes = new Map<string, Cause>();
  const keys = new Map<string, number>();

  const isRepeated = (key: string, now: number): boolean => {
    const last = keys.get(key);
    if (last !== undefined && now - last < SAME_KEY_MS) return true;
    keys.delete(key);
    keys.set(key, now);
    const [oldest] = keys.keys();
    if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
    return false;
  };

  return (cause, key, line) => {
    const now = nowMs();
    if (key !== '' && isRepeated(`${cause} ${key}`, now)) return;
    let of = causes.get(cause);
    if (of === undefined || now - of.sinceMs >= PERIOD_MS) {
      if (of !== undefined && of.left > 0) log(`MQTT: ${of.left} more lines like the next one were left out`);
      of = { sinceMs: now, written: 0, left: 0 };
      causes.set(cause, of);
    }
    if (of.written >= MAX_OF_CAUSE) {
      of.left += 1;
      return;
    }
    of.written += 1;
    log(of.written < MAX_OF_CAUSE ? line : `${line} (more of this kind in the next minute are left out)`);
  };
};
