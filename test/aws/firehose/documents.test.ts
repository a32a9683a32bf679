import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  columnToJsonKeys,
  INCIDENT_COLUMNS,
  lakeBatches,
  lakeDocument,
  SAMPLE_COLUMNS,
} from '../../../aws/firehose/documents.ts';
import { sample } from '../../fixture/stored-sample.ts';

const documentOf = (bytes: number, index: number) => ({
  text: `${String(index).padEnd(bytes - 1, '.')}\n`,
  bytes,
});

describe('records for Firehose', () => {
  test('whatever the sizes, no limit is passed, and every document is there once and in order', () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 8, max: 400 }), fc.integer({ min: 8, max: 1_000_000 })),
      {
        maxLength: 40,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(sizes, (bytes) => {
        const documents = bytes.map(documentOf);
        const batches = lakeBatches(documents);
        for (const batch of batches) {
          assert.ok(batch.length > 0 && batch.length <= 500);
          assert.ok(batch.every(({ length }) => length > 0 && length <= 1_000_000));
          const encoded = batch.reduce(
            (sum, record) => sum + Buffer.from(record).toString('base64').length,
            0,
          );
          assert.ok(encoded <= 4 * 1024 * 1024);
        }
        assert.equal(Buffer.concat(batches.flat()).toString(), documents.map(({ text }) => text).join(''));
      }),
      { numRuns: 50 },
    );
  });

  test('ten thousand samples are three records in one call', () => {
    const documents = Array.from({ length: 10_000 }, (_, seq) => documentOf(203, seq));
    assert.deepEqual(
      lakeBatches(documents).map((batch) => batch.map(({ length }) => length)),
      [[999_978, 999_978, 30_044]],
    );
  });

  test('nothing is no call', () => {
    assert.deepEqual(lakeBatches([]), []);
  });
});

describe('documents of the lake', () => {
  test('a sample is one line of JSON under short keys', () => {
    const document = lakeDocument(SAMPLE_COLUMNS, sample({ values: [48.2, null, 1.92, 3.4, 41, 1180] }));
    assert.deepEqual(document, {
      text: '{"c":"cyl-07","g":"line-3","t":1763800000123,"b":"01JD7Q2K8ZXW3V5N6M7P8R9S0T","s":41,"m":"anomaly-detection@1.2.0","r":1763800000456,"v1":48.2,"v3":1.92,"v4":3.4,"v5":41,"v6":1180,"p":0.93,"w":[0.1,1.8,0.2,0.6,0.1,-0.1]}\n',
      bytes: 221,
    });
  });

  for (const [table, columns] of [
    ['samples', SAMPLE_COLUMNS],
    ['incidents', INCIDENT_COLUMNS],
  ] as const) {
    test(`the columns of ${table} and their keys are lower case and there once, as the deserializer needs them`, () => {
      for (const names of [columns.map(({ name }) => name), columns.map(({ key }) => key)]) {
        assert.equal(new Set(names).size, names.length);
        assert.ok(names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)));
      }
    });
  }

  test('incidents are read by the names of their columns', () => {
    assert.deepEqual(columnToJsonKeys(INCIDENT_COLUMNS), {});
  });

  test('a key that is also the name of another column would be taken for it', () => {
    const mappings = columnToJsonKeys(SAMPLE_COLUMNS);
    for (const { name, key } of SAMPLE_COLUMNS) {
      assert.equal(mappings[name] ?? name, key);
      assert.ok(!SAMPLE_COLUMNS.some((other) => other.name === key && other.name !== name));
    }
  });
});
