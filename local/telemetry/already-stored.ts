import { BIGINT, type DuckDBConnection, LIST, listValue, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { isNumbered, numberOf } from './seen-series.ts';
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
