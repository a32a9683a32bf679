import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { bind, DIALECTS } from '../../analysis/bind-query.ts';
import { type SavedQuery, savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import { openLedgerForReading } from '../../local/ledger/open-ledger-for-reading.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import { createHourRoller } from '../../local/telemetry/roll-hours.ts';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { knownAnswers } from './known-answers.ts';
import type { Cell } from './known-incidents.ts';
import { makeWeek, SECONDS, WEEK_MS } from './seeded-week.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK = { from: WEEK_MS, to: WEEK_MS + SECONDS * 1000 };
const folder = scratchFolder();

let week: Awaited<ReturnType<typeof makeWeek>>;
let known: ReturnType<typeof knownAnswers>;
before(async () => {
  week = await makeWeek(folder);
  known = knownAnswers();
});

const ask = async (sql: string) => {
  const ledger = openLedgerForReading({ path: week.ledger });
  try {
    return await Array.fromAsync(queryTelemetry(week.telemetry, sql, ledger.database));
  } finally {
    ledger.close();
  }
};

const isClose = (given: unknown, expected: Cell): boolean => {
  if (typeof expected !== 'number') return given === expected;
  const difference = Math.abs(Number(given) - expected);
  return given !== null && difference <= 1e-9 * Math.max(1, Math.abs(expected));
};

const assertKnown = (query: SavedQuery, rows: Awaited<ReturnType<typeof ask>>): void => {
  const expected = known[query.name] ?? [];
  assert.equal(rows.length, expected.length);
  assert.ok(expected.length > 0);
  for (const [index, row] of expected.entries())
    for (const [column, cell] of Object.entries(row))
      assert.ok(
        isClose(rows[index]?.[column], cell),
        `row ${index}: ${column} is ${JSON.stringify(rows[index]?.[column])}, not ${cell}`,
      );
};

for (const query of savedQueries()) {
  test(`${query.name} says of a week what a count without SQL says`, async () => {
    const asked = query.name === 'drift' ? { ...WEEK, from: WEEK_MS + 3 * DAY_MS, reference: WEEK_MS } : WEEK;
    const rows = await ask(statementOf(query, 'duckdb', asked));
    assertKnown(query, rows);
    const columns = Object.keys(rows[0] ?? {});
    assert.deepEqual(
      query.columns.map(([column]) => column).filter((column) => !columns.includes(column)),
      [],
    );
  });
}

test('before-incidents reads the hours near incidents alone', async () => {
  const query = savedQueries().find(({ name }) => name === 'before-incidents');
  assert.ok(query);
  const [row] = await ask(`EXPLAIN (ANALYZE, FORMAT json) ${statementOf(query, 'duckdb', WEEK)}`);
  const scans = /"Table": "\w+\.main\.samples".*?"operator_rows_scanned": (\d+)/gs;
  const scanned = [...String(row?.explain_value).matchAll(scans)].reduce(
    (sum, [, rows]) => sum + Number(rows),
    0,
  );
  assert.ok(scanned > 10 * 3600 && scanned < (20 * SECONDS * 2) / 3, `${scanned} of ${20 * SECONDS} samples`);
});

test('a query asks about one cylinder or one site alone, and about no time that has nothing', async () => {
  const [gaps] = savedQueries().filter(({ name }) => name === 'gaps');
  assert.ok(gaps);
  const of = async (asked: Partial<Parameters<typeof statementOf>[2]>) =>
    (await ask(statementOf(gaps, 'duckdb', { ...WEEK, ...asked }))).map(({ cylinder }) => cylinder);
  assert.deepEqual(await of({ cylinder: 'cyl-03' }), ['cyl-03']);
  assert.deepEqual(await of({ site: 'oslo' }), ['cyl-03', 'cyl-07']);
  assert.deepEqual(await of({ site: 'osl' }), []);
  assert.deepEqual(await of({ from: WEEK.to, to: WEEK.to + DAY_MS }), []);
});

test('a name is never read as SQL, in any dialect', async () => {
  const evil = "x' OR '1' = '1' -- :from \\' ; DROP TABLE samples";
  for (const query of savedQueries())
    assert.deepEqual(
      await ask(statementOf(query, 'duckdb', { ...WEEK, cylinder: evil, site: evil })),
      [],
      query.name,
    );
  for (const dialect of DIALECTS)
    assert.equal(bind(':cylinder', dialect, { ...WEEK, cylinder: "a''b'" }), "'a''''b'''");
  assert.equal(bind(':database', 'timestream', { ...WEEK, database: 'a"b' }), '"a""b"');
});

test('every parameter of every dialect is known, and none is left in its place', () => {
  for (const query of savedQueries())
    for (const dialect of DIALECTS)
      assert.doesNotMatch(statementOf(query, dialect, WEEK), /(?<!:):[a-z_]+\b/, `${query.name} ${dialect}`);
  assert.throws(() => bind(':since', 'duckdb', WEEK), /no parameter :since/);
});

const HEAD = `# Saved queries

The questions of months, ready to be asked: \`npx sentinel query NAME\` on one machine ([data.md](data.md)). Their texts are in
[\`infra/queries\`](../infra/queries): one for all stores, over the views of \`views/duckdb.sql\`, \`views/athena.sql\` and
\`views/timestream.sql\`, which give each store the same columns (\`views/shared.sql\` has what several have in common).
\`--from\`, \`--to\`, \`--cylinder\` and \`--site\` hold for all of them; \`drift\` takes \`--reference\` too. Times are UTC. This page is written by the tests, from the files and from a made week of twenty cylinders.
`;
const DOC = new URL('../../docs/queries.md', import.meta.url);
const SHOWN_ROWS = 3;
const SHOWN_COLUMNS = 8;

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(Number(value.toFixed(3))) : String(value);
};

const exampleOf = async (query: SavedQuery): Promise<string> => {
  const asked = query.name === 'drift' ? { ...WEEK, from: WEEK_MS + 3 * DAY_MS, reference: WEEK_MS } : WEEK;
  const rows = await ask(statementOf(query, 'duckdb', asked));
  const columns = Object.keys(rows[0] ?? {});
  const named = columns.slice(0, SHOWN_COLUMNS);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = [
    rows.length > SHOWN_ROWS ? `${SHOWN_ROWS} of ${rows.length} rows` : '',
    columns.length > named.length ? `the first ${named.length} of ${columns.length} columns` : '',
  ].filter((part) => part !== '');
  return [
    line(named),
    line(named.map(() => '---')),
    ...rows.slice(0, SHOWN_ROWS).map((row) => line(named.map((column) => shown(row[column])))),
    ...(more.length === 0 ? [] : ['', `(${more.join(', ')})`]),
  ].join('\n');
};

test('docs/queries.md says what each query answers, in which columns, and what it says of the week', async () => {
  const parts = await Array.fromAsync(savedQueries(), async (query) =>
    [
      `## ${query.name}`,
      query.summary,
      query.columns.map(([column, meaning]) => `- \`${column}\`: ${meaning}`).join('\n'),
      `\`npx sentinel query ${query.name} --from 2026-01-${query.name === 'drift' ? '08 --reference 2026-01-05' : '05'} --to 2026-01-12\` says of the week of the tests:`,
      await exampleOf(query),
    ].join('\n\n'),
  );
  const doc = `${HEAD}\n${parts.join('\n\n')}\n`;
  if (process.env.SENTINEL_WRITE_DOCS === '1') writeFileSync(DOC, doc);
  assert.equal(readFileSync(DOC, 'utf8'), doc, 'SENTINEL_WRITE_DOCS=1 npm run test:queries writes it anew');
});

test('of a week whose hours are rolled up every query says the same', async () => {
  const telemetry = await openDuckDbTelemetry({ path: week.telemetry });
  await createHourRoller({
    telemetry,
    newestMs: () => Promise.resolve(WEEK.to + HOUR_MS),
    rest: () => Promise.resolve(true),
  }).round();
  const [rolled] = await telemetry.query('SELECT count(*)::INTEGER AS n FROM rolled_hours');
  await telemetry.close();
  assert.ok(Number(rolled?.n) > 3300);
  for (const query of savedQueries()) {
    const asked = query.name === 'drift' ? { ...WEEK, from: WEEK_MS + 3 * DAY_MS, reference: WEEK_MS } : WEEK;
    assertKnown(query, await ask(statementOf(query, 'duckdb', asked)));
  }
});
