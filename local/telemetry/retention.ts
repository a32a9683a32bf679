import { statfsSync } from 'node:fs';
import { dropHour } from './drop-hour.ts';
import type { DuckDbTelemetry } from './duckdb-telemetry.ts';
import { firstHour, HOUR_MS, hourOf, numbers } from './first-hour.ts';
import { rolledUntil } from './telemetry-schema.ts';

/** How much of the samples stays. Nothing of the last day ever goes. */
export type RetentionLimits = Readonly<{
  keepDays: number;
  /** What the store may take, bytes; null for what the disk has room for. */
  keepBytes: number | null;
  /** Where what goes is written to before, as Parquet; null where it is not. */
  exportTo: string | null;
}>;

export type Room = Readonly<{ freeBytes: number; diskBytes: number }>;

export type RetentionPorts = Readonly<{
  telemetry: Pick<DuckDbTelemetry, 'keep' | 'refuseBefore' | 'checkpoint'>;
  /** The time of the newest sample, ms, but never one that is yet to come. */
  newestMs: () => Promise<number | null>;
  /** From when on the samples of a cylinder are needed still, ms, by its name. */
  neededSince: () => Promise<ReadonlyMap<string, number>>;
  room: () => Room;
  log: (line: string) => void;
}>;

const DAY_MS = 24 * HOUR_MS;
const GB = 1e9;
/** So much of the disk is left to all else, at most; of a small one a twentieth. */
const FLOOR_BYTES = 2 * GB;

const minute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const gigabytes = (bytes: number): string => `${(bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0)} GB`;

/** What is free of the disk on which a path lies. */
export const roomAt = (path: string): Room => {
  const { bavail, bsize, blocks } = statfsSync(path);
  return { freeBytes: bavail * bsize, diskBytes: blocks * bsize };
};

type Usage = Readonly<{ usedBytes: number; roomBytes: number; floorBytes: number; rows: number }>;

/** What the limits ask for: up to when by age, and how many bytes beyond that. */
type Demand = Readonly<{ ageMs: number; lastMs: number; bytes: number; usage: Usage; reason: string }>;

/**
 * Keeps the samples within their limits, an hour at a time, the oldest first: exported where that is asked for, rolled up
 * for good, and deleted. Age is counted back from the newest sample, so that a clock that jumps deletes nothing.
 */
export const createRetention = (ports: RetentionPorts, limits: RetentionLimits) => {
  const { telemetry, log } = ports;
  let saidMs = -Infinity;
  let unsaid = 0;
  let isTight = false;

  const usage = async (): Promise<Usage> => {
    const [usedBytes = 0, reusableBytes = 0, rows = 0] = await telemetry.keep((connection) =>
      numbers(
        connection,
        `SELECT used_blocks * block_size, free_blocks * block_size,
           (SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'samples' AND database_name = current_database())
         FROM pragma_database_size() WHERE database_name = current_database()`,
      ),
    );
    const { freeBytes, diskBytes } = ports.room();
    return {
      usedBytes,
      rows,
      roomBytes: freeBytes + reusableBytes,
      floorBytes: Math.min(FLOOR_BYTES, diskBytes / 20),
    };
  };

  const demand = async (): Promise<Demand | null> => {
    const newestMs = await ports.newestMs();
    if (newestMs === null) return null;
    const used = await usage();
    const lastMs = hourOf(newestMs - DAY_MS);
    const over = limits.keepBytes === null ? 0 : used.usedBytes - limits.keepBytes;
    const short = used.floorBytes - used.roomBytes;
    const reason =
      Math.max(over, short) <= 0
        ? `older than ${limits.keepDays} day${limits.keepDays === 1 ? '' : 's'}`
        : over >= short
          ? `the store takes ${gigabytes(used.usedBytes)}, and may take ${gigabytes(limits.keepBytes ?? 0)}`
          : `the disk has room for ${gigabytes(used.roomBytes)} only, and ${gigabytes(used.floorBytes)} are left free`;
    return {
      ageMs: Math.min(lastMs, hourOf(newestMs - limits.keepDays * DAY_MS)),
      lastMs,
      bytes: Math.max(over, short, 0),
      usage: used,
      reason,
    };
  };

  const drop = async (hourMs: number, needed: ReadonlyMap<string, number>): Promise<number> => {
    await telemetry.refuseBefore(hourMs + HOUR_MS);
    try {
      return await telemetry.keep((connection) => dropHour(connection, hourMs, needed, limits.exportTo));
    } catch (error) {
      await telemetry
        .keep(rolledUntil)
        .then(telemetry.refuseBefore)
        .catch(() => undefined);
      throw error;
    }
  };

  const dropHours = async ({ ageMs, lastMs, bytes, usage: { usedBytes, rows } }: Demand): Promise<number> => {
    let sinceMs = await telemetry.keep(rolledUntil);
    let needed: ReadonlyMap<string, number> | null = null;
    let left = bytes;
    let dropped = 0;
    for (;;) {
      const from = sinceMs;
      const hourMs = await telemetry.keep((connection) =>
        firstHour(connection, from, left > 0 ? lastMs : ageMs),
      );
      if (hourMs === null) return dropped;
      needed ??= await ports.neededSince();
      const deleted = await drop(hourMs, needed);
      dropped += deleted;
      left -= deleted * (usedBytes / Math.max(rows, 1));
      sinceMs = hourMs + HOUR_MS;
    }
  };

  const after = exportedWords(limits);

  /** Says once, before it comes to that, that there is little room left. */
  const warn = ({ usage: { usedBytes, roomBytes, floorBytes }, bytes }: Demand): void => {
    const { keepBytes } = limits;
    const nearly = roomBytes < 2 * floorBytes || (keepBytes !== null && usedBytes > 0.9 * keepBytes);
    if (nearly && !isTight && bytes === 0)
      log(
        `retention: the store takes ${gigabytes(usedBytes)} and has room for ${gigabytes(roomBytes)} more: soon the oldest samples go, before they are ${limits.keepDays} days old`,
      );
    isTight = nearly;
  };

  return {
    /** Says what goes with the first round, where that is more than what a day brings. */
    async announce(inWords: string): Promise<void> {
      const wanted = await demand();
      if (wanted === null) return;
      const {
        ageMs,
        lastMs,
        bytes,
        usage: { usedBytes },
        reason,
      } = wanted;
      const since = await telemetry.keep(rolledUntil);
      const first = await telemetry.keep((connection) =>
        firstHour(connection, since, bytes > 0 ? lastMs : ageMs),
      );
      if (first === null) return;
      const bySize = hourOf(first + (lastMs + DAY_MS - first) * (bytes / Math.max(usedBytes, 1)));
      const until = bytes > 0 ? Math.min(lastMs, Math.max(ageMs, bySize)) : ageMs;
      if (until - first < DAY_MS) return;
      log(
        `retention: ${inWords} the samples from ${minute(first)} to ${bytes > 0 ? 'about ' : ''}${minute(until)} go (${reason}); ${after}. More stays with --keep-days or --keep-gb`,
      );
    },
    /** Drops what is beyond the limits. Rejects with one line where it cannot: then what it did not come to is kept. */
    async round(): Promise<void> {
      const wanted = await demand();
      if (wanted === null) return;
      warn(wanted);
      const { bytes, reason } = wanted;
      const dropped = await dropHours(wanted);
      if (dropped === 0) return;
      await telemetry.checkpoint();
      unsaid += dropped;
      if (bytes === 0 && wanted.lastMs - saidMs < DAY_MS) return;
      const until = await telemetry.keep(rolledUntil);
      log(`retention: ${unsaid} samples went, all kept now are since ${minute(until)} (${reason}); ${after}`);
      saidMs = wanted.lastMs;
      unsaid = 0;
    },
  };
};

const exportedWords = ({ exportTo }: RetentionLimits): string =>
  `their hourly roll-ups stay${exportTo === null ? '' : `, and they are in ${exportTo}`}`;
