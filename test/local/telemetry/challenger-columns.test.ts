import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { lakeDocument, SAMPLE_COLUMNS } from '../../../aws/firehose/documents.ts';
import { sampleRecord, sampleRefusal } from '../../../aws/timestream/record.ts';
import { readStoredTelemetry } from '../../../backtest/recordings/read-stored-telemetry.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { sample } from '../../fixture/stored-sample.ts';

const folder = scratchFolder();
const TRIED = {
  ...sample({ seq: 2, t: 1_763_800_002_000 }),
  challenger: { model: 'new@2', probability: 0.25 },
};

const storedIn = async (path: string) => {
  const opened = await readStoredTelemetry(path);
  assert.ok(opened.ok);
  const challengers: unknown[] = [];
  for await (const batch of opened.recording.messages())
    for (const { samples } of batch) challengers.push(...samples.map(({ challenger }) => challenger));
  opened.recording.close();
  return challengers;
};

test('the word of a model on trial is stored beside the sample, in a file of before too', async () => {
  const path = join(folder, 'telemetry.duckdb');
  const before = await openDuckDbTelemetry({ path });
  await before.write([sample({ seq: 1, t: 1_763_800_001_000 })]);
  await before.close();
  const old = await DuckDBInstance.create(path);
  const connection = await old.connect();
  // As the version before made it.
  await connection.run('ALTER TABLE samples DROP COLUMN challenger');
  await connection.run('ALTER TABLE samples DROP COLUMN challenger_probability');
  connection.closeSync();
  old.closeSync();
  assert.deepEqual(await storedIn(path), [undefined]);
  const telemetry = await openDuckDbTelemetry({ path });
  await telemetry.write([TRIED]);
  await telemetry.close();
  assert.deepEqual(await storedIn(path), [undefined, TRIED.challenger]);
});

test('Timestream and the lake get it as measures and columns, and nothing where no model is on trial', () => {
  const measures = sampleRecord(TRIED).MeasureValues ?? [];
  assert.deepEqual(measures.slice(-2), [
    { Name: 'challenger', Type: 'VARCHAR', Value: 'new@2' },
    { Name: 'challenger_probability', Type: 'DOUBLE', Value: '0.25' },
  ]);
  const document = lakeDocument(SAMPLE_COLUMNS, TRIED);
  assert.match('text' in document ? document.text : '', /"cm":"new@2","cp":0.25\}/);
  const { challenger: _, ...plain } = TRIED;
  assert.doesNotMatch(
    JSON.stringify([sampleRecord(plain), lakeDocument(SAMPLE_COLUMNS, plain)]),
    /challenger|"cm"/,
  );
  assert.match(
    sampleRefusal({ ...TRIED, challenger: { model: 'm', probability: Number.NaN } }) ?? '',
    /finite/,
  );
});
