import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { type SeenNumbers, seenBetween } from './seen-numbers.ts';
import { type Series, seriesKey } from './series.ts';

const NUMBERED = `
  SELECT cylinder, boot, min(seq), max(seq), count(*)
  FROM samples JOIN (SELECT unnest($1) AS cylinder, unnest($2) AS boot) USING (cylinder, boot)
  WHERE boot BETWEEN $3 AND $4 AND seq IS NOT NULL
  GROUP BY ALL`;

const TIMED = `
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
    NUMBERED,
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
  const result = await connection.runAndReadAll(TIMED, [cylinders], [LIST(VARCHAR)]);
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
