import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import * as v from 'valibot';
import { type SeenNumbers, seenBetween, seriesKey, trimSeen } from './seen-series.ts';

const NUMBERS = v.array(v.number());
const SEEN = v.object({
  mayFrom: v.nullable(v.number()),
  mayTo: v.nullable(v.number()),
  from: NUMBERS,
  to: NUMBERS,
});

// JSON has no infinity: null stands for it.
const readSeen = (text: string, lastT: number): SeenNumbers => {
  const { mayFrom, mayTo, from, to } = v.parse(SEEN, JSON.parse(text));
  return { mayFrom: mayFrom ?? Infinity, mayTo: mayTo ?? -Infinity, from, to, lastT };
};

/** What is saved of series, by their keys; of a series that is not there nothing was stored before the last save. */
export const readSeries = async (
  connection: DuckDBConnection,
  keys: readonly string[],
): Promise<Map<string, SeenNumbers>> => {
  const result = await connection.runAndReadAll(
    'SELECT key, seen, epoch_ms(last_t) FROM series WHERE key IN (SELECT unnest($1))',
    [listValue([...keys])],
    [LIST(VARCHAR)],
  );
  return new Map(
    result.getRows().map(([key, seen, lastT]) => [String(key), readSeen(String(seen), Number(lastT))]),
  );
};

/** The row up to which all is saved, or -1 where that row is no longer what it was: deleting moves those behind it. */
const savedUntil = async (connection: DuckDBConnection): Promise<number> => {
  const [mark] = (await connection.runAndReadAll('SELECT * FROM series_until')).getRows();
  const [rowId, ...sample] = mark ?? [];
  if (rowId === undefined) return -1;
  const found = await connection.runAndReadAll(
    `SELECT cylinder, boot, seq, t FROM samples WHERE rowid = ${Number(rowId)}`,
  );
  return String(found.getRows()[0]) === String(sample) ? Number(rowId) : -1;
};

const storedAfter = (rowId: number): string => `
  SELECT cylinder, boot, min(number), max(number), count(*), epoch_ms(max(t)) FROM (
    SELECT cylinder, t, CASE WHEN seq IS NULL THEN NULL ELSE boot END AS boot,
      CASE WHEN boot IS NULL OR seq IS NULL THEN epoch_ms(t) ELSE seq END AS number
    FROM samples WHERE rowid > ${rowId}
  ) GROUP BY cylinder, boot`;

/** Adds numbers that came after all that is known: `count` of them between two. */
const addStored = (seen: SeenNumbers, from: number, to: number, count: number): void => {
  const last = seen.from.length - 1;
  // Without a gap everything between is known, and a repetition needs no look at the table.
  const isWhole = count === to - from + 1 && from > (seen.to[last] ?? -Infinity);
  if (isWhole && seen.to[last] === from - 1) seen.to[last] = to;
  else if (isWhole) {
    seen.from.push(from);
    seen.to.push(to);
  } else {
    seen.mayFrom = Math.min(seen.mayFrom, from);
    seen.mayTo = Math.max(seen.mayTo, to);
  }
  trimSeen(seen);
};

/**
 * What is stored of the series since they were saved last, whoever wrote it: what follows that row, or the whole table
 * once where there is none.
 */
export const unsavedSeries = async (
  connection: DuckDBConnection,
): Promise<ReadonlyMap<string, SeenNumbers>> => {
  const rowId = await savedUntil(connection);
  if (rowId < 0) await connection.run('DELETE FROM series');
  const rows = (await connection.runAndReadAll(storedAfter(rowId)))
    .getRows()
    .map(([cylinder, boot, ...rest]) => {
      const [from = 0, to = 0, count = 0, lastT = 0] = rest.map(Number);
      return {
        key: seriesKey(String(cylinder), boot === null ? null : String(boot)),
        from,
        to,
        count,
        lastT,
      };
    });
  const saved = await readSeries(
    connection,
    rows.map(({ key }) => key),
  );
  return new Map(
    rows.map(({ key, from, to, count, lastT }) => {
      const seen = saved.get(key) ?? seenBetween();
      addStored(seen, from, to, count);
      seen.lastT = Math.max(seen.lastT, lastT);
      return [key, seen];
    }),
  );
};

/**
 * Saves what is known of series in place of what was saved of them, within the transaction that is open, in which no
 * sample was stored. Afterwards all is saved that was stored up to now.
 */
export const saveSeries = async (
  connection: DuckDBConnection,
  unsaved: ReadonlyMap<string, SeenNumbers>,
): Promise<void> => {
  const keys = [...unsaved.keys()];
  const all = [...unsaved.values()];
  const texts = LIST(VARCHAR);
  await connection.run('DELETE FROM series WHERE key IN (SELECT unnest($1))', [listValue(keys)], [texts]);
  await connection.run(
    'INSERT INTO series SELECT unnest($1), epoch_ms(unnest($2)::BIGINT), unnest($3)',
    [
      listValue(keys),
      listValue(all.map(({ lastT }) => String(lastT))),
      listValue(all.map(({ lastT, ...seen }) => JSON.stringify(seen))),
    ],
    [texts, texts, texts],
  );
  // Nothing of that time is taken any more.
  await connection.run('DELETE FROM series WHERE last_t < (SELECT max(rolled_until) FROM retention)');
  await connection.run('DELETE FROM series_until');
  await connection.run(
    'INSERT INTO series_until SELECT rowid, cylinder, boot, seq, t FROM samples WHERE rowid = (SELECT max(rowid) FROM samples)',
  );
};
