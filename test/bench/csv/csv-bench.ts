import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Bench, BenchSize, Figure } from '../figure.ts';
import { startProcess } from '../processes/start-process.ts';

const MOST_ROWS = 5_000_000;
const READERS = [
  ['ours', 'our reader'],
  ['csv-parse', 'csv-parse'],
  ['duckdb', "DuckDB's reader, one thread"],
] as const;

const figures = v.object({ rows: v.number(), sum: v.number(), rowsPerSecond: v.number() });

async function* run({ rows }: BenchSize): AsyncGenerator<Figure | string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-csv-'));
  const files = { recording: join(folder, 'line.csv'), model: join(folder, 'forest.model') };
  const inProcess = async <T>(schema: v.GenericSchema<unknown, T>, name: string, about: unknown) => {
    const process = startProcess({ script: '../csv/read-csv.ts' });
    try {
      return await process.ask(schema, name, about);
    } finally {
      await process.end();
    }
  };
  try {
    await inProcess(v.null(), 'make', { rows: Math.min(rows, MOST_ROWS), ...files });
    yield `${Math.min(rows, MOST_ROWS)} rows, 100 trees of depth 6; rows for each second of processor time`;
    const rates = new Map<string, number>();
    const sums = new Set<string>();
    for (const [reader, what] of READERS) {
      const { rowsPerSecond, sum } = await inProcess(figures, 'read', { reader, ...files });
      rates.set(reader, rowsPerSecond);
      sums.add(sum.toFixed(6));
      const target = reader === 'ours' ? { atLeast: 300_000 } : {};
      yield { what: `read and scored, ${what}`, value: rowsPerSecond, unit: 'rows/s', ...target };
    }
    if (sums.size > 1) yield `the readers disagree: ${[...sums].join(', ')}`;
    for (const [reader, what] of READERS.slice(1))
      yield {
        what: `ours / ${what}`,
        value: (rates.get('ours') ?? 0) / (rates.get(reader) ?? Number.NaN),
        unit: 'times',
        atLeast: 1,
      };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A recording read and scored, beside csv-parse and DuckDB with the same scorer. */
export const csvBench: Bench = {
  name: 'csv',
  summary: 'a recording in CSV read and scored, beside csv-parse and DuckDB with the same scorer',
  run,
};
