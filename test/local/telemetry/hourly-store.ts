import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { type DuckDbTelemetry, openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { type QueryRow, queryTelemetry } from '../../../local/telemetry/query-telemetry.ts';
import { createHourRoller, type RollPorts } from '../../../local/telemetry/roll-hours.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';

const folder = scratchFolder();
/** Without a notice: what gaps come of is not asked here. */
export const ledger = openLedgerDatabase({ path: ':memory:' });
export const HOUR_MS = 3_600_000;
export const START_MS = Date.UTC(2026, 0, 5);
export const HOURS = 30;
export const END_MS = START_MS + HOURS * HOUR_MS;

/** A sample a minute, with the sensor's and the encoder's whims; every third cylinder comes by two gateways in turn. */
const at = (c: number, minute: number): StoredSample => {
  const t = START_MS + minute * 60_000 + c;
  return sample({
    cylinder: `cyl-${c}`,
    gateway: c % 3 === 0 && minute % 2 === 0 ? 'oslo-2' : 'bergen-1',
    boot: 'b',
    seq: minute,
    t,
    receivedAt: t + ((minute * 7919) % 97) * 1000,
    values: [
      40 + (minute % 13),
      2,
      minute % 4 === 0 ? null : 1,
      3,
      41,
      minute % 10 === 3 ? null : (minute * 31) % 7,
    ],
    probability: (minute % 10) / 10,
  });
};
const ALL = [1, 2, 3].flatMap((c) => Array.from({ length: HOURS * 60 }, (_, minute) => at(c, minute)));
/** What came in time, what hours later, and what never: a gap across hours. */
const isLost = ({ cylinder, seq }: StoredSample): boolean =>
  cylinder === 'cyl-2' && Number(seq) > 400 && Number(seq) < 530;
const isLate = ({ cylinder, seq }: StoredSample): boolean =>
  (cylinder === 'cyl-1' && Number(seq) % 90 < 20) || (Number(seq) > 700 && Number(seq) < 830);
export const IN_TIME = ALL.filter((one) => !isLost(one) && !isLate(one));
export const LATE = ALL.filter((one) => !isLost(one) && isLate(one));

export const roller = (
  telemetry: Pick<DuckDbTelemetry, 'keep' | 'noteLateBefore'>,
  newestMs = END_MS,
  others: Partial<RollPorts> = {},
) =>
  createHourRoller({
    telemetry,
    newestMs: () => Promise.resolve(newestMs),
    rest: () => Promise.resolve(true),
    ...others,
  });

export const storeOf = async (name: string, ...parts: readonly (readonly StoredSample[])[]) => {
  const path = join(folder, `${name}.duckdb`);
  const telemetry = await openDuckDbTelemetry({ path });
  for (const part of parts) await telemetry.write(part);
  return { path, telemetry };
};

export const change = async (path: string, statements: readonly string[]): Promise<void> => {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
};

export const numbersOf = async (telemetry: DuckDbTelemetry, sql: string): Promise<number> =>
  Number((await telemetry.query(`SELECT count(*) AS n FROM ${sql}`))[0]?.n);

export const OF_HOURS = new Set([
  'abnormal-by-hour',
  'course',
  'coverage',
  'drift',
  'gaps',
  'messages',
  'models',
  'reliability',
  'running-hours',
  'worst-actors',
]);
/** These ask more of the hours of earlier versions, and take longer: about few ranges. */
const OF_MORE = new Set(['course', 'drift', 'gaps', 'messages', 'models']);
export const queries = savedQueries().filter(({ name }) => OF_HOURS.has(name));
export const RANGES = [
  { from: START_MS, to: END_MS },
  { from: START_MS + 90_000, to: END_MS - 1 },
  { from: START_MS + 5 * HOUR_MS, to: START_MS + 20 * HOUR_MS + 1_234_567 },
  { from: START_MS + 600_000, to: START_MS + 1_200_000 },
  { from: START_MS, to: END_MS, cylinder: 'cyl-1' },
  { from: START_MS, to: END_MS, site: 'oslo' },
  { from: START_MS, to: END_MS, site: 'bergen-1' },
  // With a reference that begins and ends within an hour, and one of whole hours.
  { from: START_MS + 11 * HOUR_MS + 5_000_000, to: END_MS, reference: START_MS + 700_000 },
  { from: START_MS + 12 * HOUR_MS, to: END_MS, reference: START_MS, cylinder: 'cyl-3' },
];

const FEW = new Set([0, 5, 7]);

/** What is put together of hours is summed in another order: fifteen digits of a number are the same, or so. */
export const rounded = (rows: readonly QueryRow[]): readonly QueryRow[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' ? Number(value.toPrecision(12)) : value,
      ]),
    ),
  );

export const answersOf = async (path: string): Promise<readonly unknown[]> => {
  const answers: unknown[] = [];
  for (const [index, range] of RANGES.entries())
    for (const query of queries.filter(({ name }) => !OF_MORE.has(name) || FEW.has(index)))
      answers.push([
        query.name,
        range,
        rounded(await Array.fromAsync(queryTelemetry(path, statementOf(query, 'duckdb', range), ledger))),
      ]);
  answers.push(await Array.fromAsync(queryTelemetry(path, 'FROM hours ORDER BY cylinder, hour')));
  return answers;
};
