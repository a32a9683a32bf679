import { BIGINT, type DuckDBConnection, LIST, listValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import { LATEST_MS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import {
  bootOf,
  isNumbered,
  numberOf,
  type SeenNumbers,
  type Series,
  see,
  seenBetween,
  seriesKey,
} from './seen-series.ts';
import { timestamp } from './telemetry-schema.ts';

// The ranges say again what the joins say, so that whole row groups are skipped by their least and greatest values.
const ASKED_NUMBERED = `
  SELECT DISTINCT asked.at
  FROM samples JOIN (
    SELECT unnest($1) AS cylinder, unnest($2) AS boot, unnest($3) AS seq, unnest(range(len($1))) AS at
  ) AS asked USING (cylinder, boot, seq)
  WHERE boot BETWEEN list_min($2) AND list_max($2) AND seq BETWEEN list_min($3) AND list_max($3)`;

const ASKED_TIMED = `
  SELECT DISTINCT asked.at
  FROM samples JOIN (
    SELECT unnest($1) AS cylinder, unnest($2) AS t, unnest(range(len($1))) AS at
  ) AS asked USING (cylinder, t)
  WHERE (boot IS NULL OR seq IS NULL) AND t BETWEEN list_min($2) AND list_max($2)`;

const findNumbered = async (connection: DuckDBConnection, samples: readonly StoredSample[]) => {
  if (samples.length === 0) return [];
  const result = await connection.runAndReadAll(
    ASKED_NUMBERED,
    [
      listValue(samples.map((sample) => sample.cylinder)),
      listValue(samples.map((sample) => sample.boot)),
      listValue(samples.map((sample) => BigInt(numberOf(sample)))),
    ],
    [LIST(VARCHAR), LIST(VARCHAR), LIST(BIGINT)],
  );
  return result.getRows().map(([at]) => samples[Number(at)]);
};

const findTimed = async (connection: DuckDBConnection, samples: readonly StoredSample[]) => {
  if (samples.length === 0) return [];
  const result = await connection.runAndReadAll(
    ASKED_TIMED,
    [
      listValue(samples.map((sample) => sample.cylinder)),
      listValue(samples.map((sample) => timestamp(sample.t))),
    ],
    [LIST(VARCHAR), LIST(TIMESTAMP)],
  );
  return result.getRows().map(([at]) => samples[Number(at)]);
};

/** Those of the samples that the table holds already, found by looking at the table. */
export const alreadyStored = async (
  connection: DuckDBConnection,
  samples: readonly StoredSample[],
): Promise<ReadonlySet<StoredSample | undefined>> =>
  new Set([
    ...(await findNumbered(connection, samples.filter(isNumbered))),
    ...(await findTimed(
      connection,
      samples.filter((sample) => !isNumbered(sample)),
    )),
  ]);

/** Whether it is a time in whole ms that a JavaScript date can hold, as DuckDB's TIMESTAMP can. */
const isTime = (ms: number): boolean => Number.isInteger(ms) && Math.abs(ms) <= LATEST_MS;

/** Text that UTF-8 can carry: a lone surrogate would be stored as something else, and then be taken for another. */
const isText = (text: string | null): boolean => text === null || text.isWellFormed();

/** Why the table cannot hold a sample as it is, or null where it can. */
const refusal = (sample: StoredSample, keptSinceMs: number): string | null => {
  if (!isTime(sample.t)) return `t ${sample.t} is not a time in whole ms`;
  if (!isTime(sample.receivedAt)) return `receivedAt ${sample.receivedAt} is not a time in whole ms`;
  if (sample.seq !== null && !Number.isSafeInteger(sample.seq))
    return `seq ${sample.seq} is not a whole number`;
  if (!isText(sample.cylinder) || !isText(sample.gateway)) return 'a name is not valid Unicode text';
  if (![sample.boot, sample.model, sample.challenger?.model ?? null].every(isText))
    return 'boot or model is not valid Unicode text';
  // Whether it is a repetition can no longer be known: what it may repeat is gone.
  if (sample.t < keptSinceMs)
    return `t ${sample.t} is before ${new Date(keptSinceMs).toISOString()}, since when samples are kept here`;
  return null;
};

/** Samples of one series that follow one another, as those of a message do. */
export type Run = Readonly<{ series: Series; samples: StoredSample[] }>;

/** The samples that the table can hold, in runs of one series, the series there are, and the samples refused for good. */
export const placeSamples = (samples: readonly StoredSample[], keptSinceMs: number) => {
  const series = new Map<string, Series>();
  const runs: Run[] = [];
  const rejected: { sample: StoredSample; detail: string }[] = [];
  const seriesOf = (cylinder: string, boot: string | null): Series => {
    const key = seriesKey(cylinder, boot);
    const known = series.get(key) ?? { key, cylinder, boot };
    series.set(key, known);
    return known;
  };
  for (const sample of samples) {
    const detail = refusal(sample, keptSinceMs);
    if (detail !== null) {
      rejected.push({ sample, detail });
      continue;
    }
    const boot = bootOf(sample);
    const last = runs.at(-1);
    if (last?.series.cylinder === sample.cylinder && last.series.boot === boot) last.samples.push(sample);
    else runs.push({ series: seriesOf(sample.cylinder, boot), samples: [sample] });
  }
  return { runs, series: [...series.values()], rejected };
};

/**
 * Splits samples into those that are new for certain, those that the table has to be asked about, and a count of
 * repetitions. `seen` is changed: afterwards it holds them all as stored.
 */
export const sortSamples = (runs: readonly Run[], seen: ReadonlyMap<string, SeenNumbers>) => {
  const fresh: StoredSample[] = [];
  const doubtful: StoredSample[] = [];
  let repeated = 0;
  for (const { series, samples } of runs) {
    const numbers = seen.get(series.key) ?? seenBetween();
    for (const sample of samples) {
      if (sample.t > numbers.lastT) numbers.lastT = sample.t;
      const known = see(numbers, numberOf(sample));
      if (known === 'new') fresh.push(sample);
      else if (known === 'may be stored') doubtful.push(sample);
      else repeated += 1;
    }
  }
  return { fresh, doubtful, repeated };
};
