import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse';
import * as v from 'valibot';
import { recordingFile } from '../../../backtest/recordings/open-table.ts';
import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { score } from '../../../edge/model/predict/score.ts';
import { fileSamples } from '../../../edge/recordings/recording.ts';
import { sensorRows, trainPeer } from '../edge/forests.ts';
import { answer } from '../processes/answer.ts';

/** A recording read and scored row by row, by our reader or by one of its peers, with the same scorer. */

const made = v.object({ rows: v.number(), recording: v.string(), model: v.string() });
const asked = v.object({
  reader: v.picklist(['ours', 'csv-parse', 'duckdb']),
  recording: v.string(),
  model: v.string(),
});

const DISTINCT_ROWS = 10_000;
const START_MS = Date.UTC(2024, 2, 4);

function* lines(rows: number): Generator<string> {
  const values = sensorRows(DISTINCT_ROWS, 5).map((row) =>
    row.map((value) => value.toPrecision(7)).join(','),
  );
  yield `ts,${SENSORS.join(',')},anomaly\n`;
  for (let from = 0; from < rows; from += DISTINCT_ROWS)
    yield values
      .slice(0, rows - from)
      .map((row, at) => `${new Date(START_MS + (from + at) * 1000).toISOString().slice(0, 19)}Z,${row},0\n`)
      .join('');
}

type OnRow = (t: number, values: SensorValues) => void;

const readers: Readonly<Record<string, (path: string, onRow: OnRow) => Promise<void>>> = {
  ours: async (path, onRow) => {
    for await (const samples of fileSamples(recordingFile(path)))
      for (const { t, values } of samples) onRow(t, values);
  },
  'csv-parse': async (path, onRow) => {
    for await (const [ts, ...cells] of createReadStream(path).pipe(parse({ from_line: 2 })))
      onRow(Date.parse(ts), cells.slice(0, 6).map(Number));
  },
  duckdb: async (path, onRow) => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const sensors = SENSORS.map((sensor) => `"${sensor}"`).join(', ');
    const result = await connection.stream(
      `SELECT epoch_ms(ts)::DOUBLE, ${sensors} FROM read_csv('${path}')`,
    );
    for await (const rows of result.yieldRows())
      for (const [t, ...values] of rows) onRow(Number(t), values.map(Number));
    connection.closeSync();
  },
};

answer({
  make: async (about) => {
    const { rows, recording, model } = v.parse(made, about);
    writeFileSync(model, (await trainPeer({ trees: 100, depth: 6 })).file);
    await pipeline(Readable.from(lines(rows)), createWriteStream(recording));
    return null;
  },
  read: async (about) => {
    const { reader, recording, model } = v.parse(asked, about);
    const loaded = await loadModel(model);
    if (!loaded.ok) throw new Error(loaded.error.message);
    let [rows, sum] = [0, 0];
    const before = process.cpuUsage();
    await readers[reader]?.(recording, (t, values) => {
      rows += 1;
      sum += score(loaded.model, values).probability + (t % 1000);
    });
    const { user, system } = process.cpuUsage(before);
    return { rows, sum, rowsPerSecond: rows / ((user + system) / 1e6) };
  },
});
