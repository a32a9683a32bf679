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

/** Keeps the samples within their limits until it is stopped; what fails is said, once for each cause, and tried again. Throws one line where it cannot begin. */
export const startUpkeep = (
  { database, telemetry, path, cylinders, now, log }: UpkeepPorts,
  limits: RetentionLimits,
): Readonly<{ stop(): Promise<void> }> => {
  if (limits.exportTo !== null) claimExportFolder(limits.exportTo, database);
  const stopping = new AbortController();
  const { signal } = stopping;
  const newestMs = async (): Promise<number | null> => {
    const newest = newestSampleMs((await cylinders()).values());
    return newest === null ? null : Math.min(newest, now());
  };
  const course = sqliteCourse(database);
  let courseAt = 0;
  const sweepCourse = async (): Promise<void> => {
    const newest = await newestMs();
    if (newest === null || newest < courseAt) return;
    course.sweep(newest - Math.max(COURSE_DAYS, limits.keepDays) * DAY_MS);
    courseAt = newest + DAY_MS;
  };
  const retention = createRetention(
    {
      telemetry,
      newestMs,
      neededSince: async () => neededSince(await cylinders(), database),
      room: () => roomAt(path),
      log,
    },
    limits,
  );
  let saidFailure = '';
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      saidFailure = '';
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (!signal.aborted && words !== saidFailure)
        log(`retention: nothing goes until this is mended: ${words}`);
      saidFailure = words;
    }
  };
  const wait = (ms: number): Promise<unknown> =>
    delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
  const run = async (): Promise<void> => {
    await attempt(() => retention.announce('in ten minutes'));
    await wait(GRACE_MS);
    while (!signal.aborted) {
      await attempt(async () => {
        await sweepCourse();
        await retention.round();
      });
      await wait(ROUND_MS);
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
};
