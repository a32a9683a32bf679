import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SENSORS } from '../../domain/message/sample.ts';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { sqliteCourse } from '../../local/ledger/sqlite-history.ts';
import { TELEMETRY_SCHEMA } from '../../local/telemetry/telemetry-schema.ts';

/** A week of twenty cylinders at 1 Hz: whole numbers only decide, so that SQL and TypeScript make the same of them. */
export const WEEK_MS = Date.UTC(2026, 0, 5);
export const SECONDS = 7 * 86_400;
export const CYLINDERS = Array.from({ length: 20 }, (_, index) => index + 1);

export const cylinderName = (c: number): string => `cyl-${String(c).padStart(2, '0')}`;
export const gatewayOf = (c: number): string => (c <= 10 ? 'oslo-1' : 'bergen-1');

/** An incident by its seconds of the week; null where it has not come to that. */
export type WeekIncident = Readonly<{
  c: number;
  began: number;
  raised: number;
  last: number | null;
  cleared: number | null;
  acknowledged: number | null;
  closed: number | null;
  outcome: string | null;
  policy: string;
  reopenings: number;
}>;

const incident = (
  c: number,
  began: number,
  last: number | null,
  outcome: string | null,
  more: Partial<WeekIncident> = {},
): WeekIncident => ({
  c,
  began,
  raised: began + 40,
  last,
  cleared: last === null ? null : last + 300,
  acknowledged: outcome === null ? null : began + 40 + c * 60,
  closed: outcome === null || last === null ? null : last + 4000 + c,
  outcome,
  policy: 'p1',
  reopenings: 0,
  ...more,
});

export const INCIDENTS: readonly WeekIncident[] = [
  incident(1, 100_000, 103_000, 'fault'),
  incident(1, 300_000, 300_900, 'no-fault-found', { policy: 'p2' }),
  incident(2, 150_000, 150_700, 'fault', { reopenings: 3 }),
  incident(4, 90_500, 200_000, 'fault'),
  incident(5, 350_000, 352_000, 'sensor', { policy: 'p2' }),
  incident(5, 450_000, 450_800, null),
  incident(12, 250_000, 251_000, 'planned-work'),
  incident(12, 500_000, 506_000, 'fault', { policy: 'p2' }),
  incident(13, 120_000, 121_500, 'fault'),
  incident(20, 600_000, null, null, { policy: 'p2' }),
];

export const isAbnormal = (c: number, i: number): boolean =>
  INCIDENTS.some((one) => one.c === c && i >= one.began && i <= (one.last ?? SECONDS));

/** Stretches without samples: of a cylinder, of a gateway, and one whose samples were quarantined. */
export const MISSING: readonly Readonly<{
  isOf: (c: number) => boolean;
  sql: string;
  from: number;
  to: number;
}>[] = [
  { isOf: (c) => c === 3, sql: 'c = 3', from: 100_000, to: 103_600 },
  { isOf: (c) => c === 7, sql: 'c = 7', from: 200_000, to: 200_030 },
  { isOf: (c) => c > 10, sql: 'c > 10', from: 400_000, to: 401_800 },
  { isOf: (c) => c === 9, sql: 'c = 9', from: 10_000, to: 10_008 },
];

/** Cylinder 2 was offline for its gateway's sake and drained later: these arrived two hours late. */
export const LATE = { c: 2, from: 480_000, to: 484_000, ms: 7_200_000 } as const;

export type Notice = Readonly<{
  id: string;
  c: number | null;
  gateway: string;
  type: string;
  at: number /** The incident it is about. */;
  incident?: string;
}>;
export const NOTICES: readonly Notice[] = [
  ...INCIDENTS.map(
    ({ c, raised }, index): Notice => ({
      id: `n${index}`,
      c,
      gateway: gatewayOf(c),
      type: 'RAISED',
      at: raised + 5,
      incident: `${cylinderName(c)}@${raised}`,
    }),
  ),
  ...Array.from(
    { length: 12 },
    (_, index): Notice => ({
      id: `r${index}`,
      c: 4,
      gateway: 'oslo-1',
      type: 'REMINDER',
      at: 180_000 + index * 20,
    }),
  ),
  { id: 'o1', c: null, gateway: 'bergen-1', type: 'OFFLINE', at: 400_300 },
  { id: 'o2', c: 3, gateway: 'oslo-1', type: 'OFFLINE', at: 100_400 },
];

const abnormalSql = INCIDENTS.map(
  ({ c, began, last }) => `(c = ${c} AND i BETWEEN ${began} AND ${last ?? SECONDS})`,
).join(' OR ');

const samplesSql = `
INSERT INTO samples
SELECT
  format('cyl-{:02d}', c), CASE WHEN c <= 10 THEN 'oslo-1' ELSE 'bergen-1' END, epoch_ms(${WEEK_MS} + i * 1000),
  'b', i, 'm@1',
  45 + ((i * 7 + c * 13) % 100) / 100 + CASE WHEN bad THEN 10 ELSE 0 END,
  2 + ((i * 11 + c * 3) % 50) / 100,
  CASE WHEN c = 5 AND i % 60 = 0 THEN NULL ELSE 1.5 + ((i * 13 + c) % 40) / 100 END,
  3 + ((i * 17 + c * 5) % 30) / 100 + i / 1000000,
  40 + ((i * 19 + c * 7) % 20),
  CASE WHEN (i + c * 977) % 10000 < 1000 THEN 0 ELSE 1000 + (i * 31 + c * 17) % 200 END,
  CASE WHEN bad THEN 0.9 ELSE 0.1 END,
  NULL,
  epoch_ms(${WEEK_MS} + CASE WHEN c = ${LATE.c} AND i >= ${LATE.from} AND i < ${LATE.to}
    THEN i * 1000 + ${LATE.ms} ELSE (i - i % 10 + 10) * 1000 END),
  NULL, NULL
FROM (
  SELECT c, i, ${abnormalSql} AS bad
  FROM range(${SECONDS}) AS seconds(i) CROSS JOIN (SELECT unnest(range(1, 21)) AS c) AS cylinders
)
WHERE NOT (${MISSING.map(({ sql, from, to }) => `(${sql} AND i >= ${from} AND i < ${to})`).join(' OR ')})
ORDER BY c, i`;

const at = (second: number | null): string =>
  second === null ? 'NULL' : `epoch_ms(${WEEK_MS + second * 1000})`;
const text = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`);

/** Contributions as of the raise; what is not closed was raised by a model that does not explain itself. */
export const whyOf = ({ c }: WeekIncident): readonly number[] => [c / 10, 2.5, -0.5, 0, c / 100, 0.25];

const incidentSql = (one: WeekIncident): string => `
INSERT INTO incidents (id, cylinder, gateway, began_at, raised_at, last_abnormal_at, cleared_at, severity, reopenings,
  outcome, told_at, acknowledged_at, closed_at, advice, why, model, policy)
VALUES ('${cylinderName(one.c)}@${one.raised}', '${cylinderName(one.c)}', '${gatewayOf(one.c)}', ${at(one.began)},
  ${at(one.raised)}, ${at(one.last)}, ${at(one.cleared)}, 'warning', ${one.reopenings}, ${text(one.outcome)},
  ${at(one.raised + 5)}, ${at(one.acknowledged)}, ${at(one.closed)}, 'seals', ${one.outcome === null ? 'NULL' : `[${whyOf(one).join(', ')}]`}, 'm@1', ${text(one.policy)})`;

/** What the alarm and people did about an incident. */
export const stepsOf = ({ raised, acknowledged, cleared, closed, outcome }: WeekIncident) => {
  const steps = [
    { kind: 'raised' as const, second: raised, by: null, text: null },
    { kind: 'acknowledged' as const, second: acknowledged, by: 'Kim', text: "it's on my way" },
    { kind: 'cleared' as const, second: cleared, by: null, text: null },
    { kind: 'closed' as const, second: closed, by: 'Lee', text: outcome },
  ];
  return steps.flatMap(({ second, ...step }) => (second === null ? [] : { ...step, second }));
};

/** Makes the week in a folder: `telemetry.duckdb` and the ledger with its notices. */
export const makeWeek = async (folder: string): Promise<Readonly<{ telemetry: string; ledger: string }>> => {
  const telemetry = join(folder, 'telemetry.duckdb');
  const instance = await DuckDBInstance.create(telemetry);
  const connection = await instance.connect();
  await connection.run(TELEMETRY_SCHEMA);
  await connection.run(samplesSql);
  for (const one of INCIDENTS) await connection.run(incidentSql(one));
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  const ledger = join(folder, 'ledger.sqlite');
  const database = openLedgerDatabase({ path: ledger });
  const insert = database.prepare(
    'INSERT INTO sent_notices (subject, id, channel, type, cylinder, gateway, incident, at, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // Through two channels: a notice counts once.
  for (const { id, c, gateway, type, at: second, incident: of } of NOTICES)
    for (const channel of ['console', 'hook'])
      insert.run(
        'x',
        id,
        channel,
        type,
        c === null ? null : cylinderName(c),
        gateway,
        of ?? null,
        WEEK_MS + second * 1000,
        null,
      );
  const course = sqliteCourse(database);
  for (const one of INCIDENTS)
    for (const { kind, second, by, text: words } of stepsOf(one))
      course.put(cylinderName(one.c), {
        incident: `${cylinderName(one.c)}@${one.raised}`,
        event: { kind, at: WEEK_MS + second * 1000, by, text: words, channel: null },
      });
  database
    .prepare(
      'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(
      new Uint8Array([1]),
      't',
      new Uint8Array([1, 2, 3]),
      WEEK_MS + 200_010_000,
      'c',
      JSON.stringify([{ cylinder: 'cyl-07', reason: 'no-probability', detail: 'x' }]),
    );
  database.close();
  return { telemetry, ledger };
};

/** Each sensor and the score of a second, in the order of SENSORS. */
export const valuesAt = (c: number, i: number, bad: boolean): readonly (number | null)[] => {
  const values = [
    45 + ((i * 7 + c * 13) % 100) / 100 + (bad ? 10 : 0),
    2 + ((i * 11 + c * 3) % 50) / 100,
    c === 5 && i % 60 === 0 ? null : 1.5 + ((i * 13 + c) % 40) / 100,
    3 + ((i * 17 + c * 5) % 30) / 100 + i / 1_000_000,
    40 + ((i * 19 + c * 7) % 20),
    (i + c * 977) % 10_000 < 1000 ? 0 : 1000 + ((i * 31 + c * 17) % 200),
  ];
  if (values.length !== SENSORS.length) throw new Error('one value for each sensor');
  return values;
};

export const isMissing = (c: number, i: number): boolean =>
  MISSING.some(({ isOf, from, to }) => isOf(c) && i >= from && i < to);
