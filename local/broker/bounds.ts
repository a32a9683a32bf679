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
