import { BIGINT, type DuckDBConnection, LIST, listValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import {
  isNumbered,
  numberOf,
  type SeenNumbers,
  type Series,
  seenBetween,
  seriesKey,
} from './seen-series.ts';
import { timestamp } from './telemetry-schema.ts';

const SEEN_NUMBERED = `
  SELECT cylinder, boot, min(seq), max(seq), count(*)
  FROM samples JOIN (SELECT unnest($1) AS cylinder, unnest($2) AS boot) USING (cylinder, boot)
  WHERE boot BETWEEN $3 AND $4 AND seq IS NOT NULL
  GROUP BY ALL`;

const SEEN_TIMED = `
  SELECT cylinder, epoch_ms(min(t)), epoch_ms(max(t))
  FROM samples JOIN (SELECT unnest($1) AS cylinder) USING (cylinder)
  WHERE boot IS NULL OR seq IS NULL
  GROUP BY ALL`;

const loadNumbered = async (
  connection: DuckDBConnection,
  series: readonly (Series & { boot: string })[],
): Promise<readonly (readonly [string, SeenNumbers])[]> => {
  const boots = series.map(({ boot }) => boot).sort();
  const lowest = boots[0];
  const highest = boots.at(-1);
  if (lowest === undefined || highest === undefined) return [];
  const result = await connection.runAndReadAll(
    SEEN_NUMBERED,
    [
      listValue(series.map(({ cylinder }) => cylinder)),
      listValue(series.map(({ boot }) => boot)),
      lowest,
      highest,
    ],
    [LIST(VARCHAR), LIST(VARCHAR), VARCHAR, VARCHAR],
  );
  return result.getRows().map(([cylinder, boot, min, max, count]) => {
    const [low, high] = [Number(min), Number(max)];
    const seen = seenBetween(low, high);
    // Without a gap, everything between is known, and a repetition needs no look at the table.
    if (Number(count) === high - low + 1) {
      seen.from.push(low);
      seen.to.push(high);
    }
    return [seriesKey(String(cylinder), String(boot)), seen];
  });
};

const loadTimed = async (
  connection: DuckDBConnection,
  series: readonly Series[],
): Promise<readonly (readonly [string, SeenNumbers])[]> => {
  if (series.length === 0) return [];
  const cylinders = listValue(series.map(({ cylinder }) => cylinder));
  const result = await connection.runAndReadAll(SEEN_TIMED, [cylinders], [LIST(VARCHAR)]);
  return result
    .getRows()
    .map(([cylinder, min, max]) => [String(cylinder), seenBetween(Number(min), Number(max))] as const);
};

/** What the table holds of some series, by their keys; a series of which it holds nothing is left out. */
export const loadSeen = async (
  connection: DuckDBConnection,
  series: readonly Series[],
): Promise<ReadonlyMap<string, SeenNumbers>> => {
  const numbered = series.flatMap(({ boot, ...rest }) => (boot === null ? [] : [{ ...rest, boot }]));
  const timed = series.filter(({ boot }) => boot === null);
  return new Map([...(await loadNumbered(connection, numbered)), ...(await loadTimed(connection, timed))]);
};

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
