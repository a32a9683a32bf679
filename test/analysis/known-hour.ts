import { join } from 'node:path';
import { type SavedQuery, statementOf } from '../../analysis/saved-queries.ts';
import { NO_MARKS } from '../../domain/incident/incident-record.ts';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { queryTelemetry } from '../../local/telemetry/query-telemetry.ts';
import { incidentRecord } from '../fixture/incident-record.ts';
import { sample } from '../fixture/stored-sample.ts';
import { knownEvents } from './known-events.ts';

const HOUR = 3_600_000;

/** Rows in the form that all stores share: nine digits of a number, no zeros behind a time, nothing for no value. */
export const inOneForm = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const number = typeof value === 'number' || /^-?\d+(\.\d+)?(e-?\d+)?$/.test(String(value));
        return [
          name,
          number ? Number(Number(value).toPrecision(9)) : String(value ?? '').replace(/\.0+$/, ''),
        ];
      }),
    ),
  );

/** An hour of three cylinders from the time T on, ms, with an incident, a gap, what came late and what was said twice. */
export const knownHour = (folder: string, T: number) => {
  const samples = Array.from({ length: 1200 }, (_, index) => {
    const seq = index < 600 ? index : index + 60;
    const cylinder = `cyl-0${1 + (index % 3)}`;
    const t = T - 300_000 + seq * 1000;
    return sample({
      cylinder,
      seq,
      t,
      receivedAt: t + 2000 + (index % 7) * 20_000,
      values: [
        48 + (index % 50) / 10,
        2.31,
        index % 9 === 0 ? null : 1.92,
        3.4 + (index % 11) / 100,
        41,
        index % 90,
      ],
      probability: index > 900 && index < 980 ? 0.9 : 0.1,
    });
  });

  const raised = incidentRecord({
    id: `cyl-01@${T + 700_000}`,
    cylinder: 'cyl-01',
    gateway: 'line-3',
    beganAt: T + 660_000,
    raisedAt: T + 700_000,
    toldAt: T + 701_000,
    advice: 'seals',
    why: [0.1, 4, 2, 0, 0, 1],
    model: 'm@1',
    policy: 'p1',
  });
  const records = [
    raised,
    { ...raised, ...NO_MARKS, acknowledgedBy: 'Kim', acknowledgedAt: T + 760_000 },
    {
      ...raised,
      ...NO_MARKS,
      acknowledgedBy: 'Kim',
      lastAbnormalAt: T + 740_000,
      clearedAt: T + 900_000,
      endedBy: 'clearing' as const,
      closedBy: 'Kim',
      outcome: 'fault',
      mode: 'seal-leak',
      closedAt: T + 950_000,
    },
  ];

  // What a gateway or Firehose says twice lies there twice.
  const twice = samples.slice(0, 500).map((one) => ({ ...one, receivedAt: one.receivedAt + HOUR }));
  const asked = { from: T, to: T + HOUR, reference: T - HOUR };
  const path = join(folder, 'telemetry.duckdb');
  const { events, fillLedger } = knownEvents(T, raised.id);
  const ask = async (sql: string) => {
    const ledger = openLedgerDatabase({ path: ':memory:' });
    fillLedger(ledger);
    try {
      return await Array.fromAsync(queryTelemetry(path, sql, ledger));
    } finally {
      ledger.close();
    }
  };

  return {
    samples,
    twice,
    records,
    events,
    asked,
    /** Stores it in a data folder's store. */
    makeLocally: async (): Promise<void> => {
      const local = await openDuckDbTelemetry({ path });
      await local.write(samples);
      for (const record of records) await local.recordIncident(record);
      await local.close();
    },
    askLocally: (query: SavedQuery) => ask(statementOf(query, 'duckdb', asked)),
  };
};
