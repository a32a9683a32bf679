import { randomInt } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type CylinderRecord, newestSampleMs } from '../../domain/cylinder/cylinder-record.ts';
import { endOfIncident } from '../../domain/incident/incident-record.ts';
import { sqliteCourse } from '../ledger/sqlite-history.ts';
import { waitingSince } from '../ledger/sqlite-outbox.ts';
import { createRunFacts, makeFolder } from '../run/data-folder.ts';
import { LocalError } from '../run/local-error.ts';
import type { DuckDbTelemetry } from '../telemetry/duckdb-telemetry.ts';
import { createRetention, type RetentionLimits, roomAt } from '../telemetry/retention.ts';
import { createHourRoller } from '../telemetry/roll-hours.ts';

export type UpkeepPorts = Readonly<{
  database: DatabaseSync;
  telemetry: DuckDbTelemetry;
  /** The data folder. */
  path: string;
  cylinders: () => Promise<ReadonlyMap<string, CylinderRecord>>;
  now: () => number;
  log: (line: string) => void;
}>;

/** People get so long to read what is about to go, ms by the clock on the wall. */
const GRACE_MS = 10 * 60_000;
const ROUND_MS = 60_000;
/** So many times as long as an hour, or a slice of one, took to roll up is waited before the next. */
const RESTS = 3;
/** What happened to an incident is known as long as its samples are, and for so many days at least. */
const COURSE_DAYS = 400;
const DAY_MS = 86_400_000;
/** What came before an incident is needed to understand it. */
const BEFORE_INCIDENT_MS = 3_600_000;

/** From when on the samples of a cylinder are needed still: by an incident that is open, or by what has yet to go out. */
export const neededSince = (
  cylinders: ReadonlyMap<string, CylinderRecord>,
  database: DatabaseSync,
): ReadonlyMap<string, number> => {
  const waiting = waitingSince(database);
  const open = [...cylinders].flatMap(
    ([
      name,
      {
        alarm: { incident },
      },
    ]) => (incident === null || endOfIncident(incident) !== null ? [] : [[name, incident.beganAt] as const]),
  );
  return new Map(
    [...waiting, ...open].map(([name, ms]) => [
      name,
      Math.min(ms, waiting.get(name) ?? Infinity) - BEFORE_INCIDENT_MS,
    ]),
  );
};

/** Makes the folder that exports go to this data folder's own: of two, each would write over the hours of the other. */
const claimExportFolder = (folder: string, database: DatabaseSync): void => {
  const id = String(createRunFacts(database).number('folder-id', randomInt(1, 2 ** 47)));
  const mark = join(folder, 'exported-by');
  try {
    makeFolder(folder);
    if (!existsSync(mark)) writeFileSync(mark, id, { flush: true });
    accessSync(folder, constants.W_OK);
    if (readFileSync(mark, 'utf8') === id) return;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError(
      'NoExport',
      `the folder ${folder} cannot be exported to: ${reason}; choose another with --export-to`,
      cause,
    );
  }
  throw new LocalError(
    'ForeignExport',
    `${folder} has what another data folder exported: choose another with --export-to`,
  );
};

/** Says what fails, once for each cause, and goes on. */
const attempts = (words: string, signal: AbortSignal, log: (line: string) => void) => {
  let said = '';
  return async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      said = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!signal.aborted && reason !== said) log(`${words}: ${reason}`);
      said = reason;
    }
  };
};

/**
 * Rolls up the hours and, where there are limits, keeps the samples within them until it is stopped; what fails is said,
 * once for each cause, and tried again. Throws one line where it cannot begin.
 */
export const startUpkeep = (
  { database, telemetry, path, cylinders, now, log }: UpkeepPorts,
  limits: RetentionLimits | null,
): Readonly<{ stop(): Promise<void> }> => {
  if (limits !== null && limits.exportTo !== null) claimExportFolder(limits.exportTo, database);
  const stopping = new AbortController();
  const { signal } = stopping;
  const newestMs = async (): Promise<number | null> => {
    const newest = newestSampleMs((await cylinders()).values());
    return newest === null ? null : Math.min(newest, now());
  };
  const wait = (ms: number): Promise<unknown> =>
    delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
  const rolling = createHourRoller({
    telemetry,
    newestMs,
    rest: async (tookMs) => {
      await wait(tookMs * RESTS);
      return !signal.aborted;
    },
  });
  const roll = async (): Promise<void> => {
    const attempt = attempts('hours are not rolled up until this is mended', signal, log);
    while (!signal.aborted) {
      await attempt(rolling.round);
      await wait(ROUND_MS);
    }
  };
  const course = sqliteCourse(database);
  let courseAt = 0;
  const sweepCourse = async (keepDays: number): Promise<void> => {
    const newest = await newestMs();
    if (newest === null || newest < courseAt) return;
    course.sweep(newest - Math.max(COURSE_DAYS, keepDays) * DAY_MS);
    courseAt = newest + DAY_MS;
  };
  const keep = async (kept: RetentionLimits): Promise<void> => {
    const retention = createRetention(
      {
        telemetry,
        newestMs,
        neededSince: async () => neededSince(await cylinders(), database),
        room: () => roomAt(path),
        log,
      },
      kept,
    );
    const attempt = attempts('retention: nothing goes until this is mended', signal, log);
    await attempt(() => retention.announce('in ten minutes'));
    await wait(GRACE_MS);
    while (!signal.aborted) {
      await attempt(async () => {
        await sweepCourse(kept.keepDays);
        await retention.round();
      });
      await wait(ROUND_MS);
    }
  };
  const running = Promise.all([roll(), limits === null ? null : keep(limits)]);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
