import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

// Only a table that is made can get one, and it stays as it is:
// https://docs.aws.amazon.com/timestream/latest/developerguide/customer-defined-partition-keys-limitations.html
test('both tables are partitioned by cylinder, which every record has to have', () => {
  const text = read('infra/telemetry-timestream.yml');
  assert.match(
    text,
    /&table\n(?:.*\n){1,6} +CompositePartitionKey: \[\{ Type: DIMENSION, Name: cylinder, EnforcementInRecord: REQUIRED \}\]/,
  );
  assert.match(text, /Incidents:\n(?:.*\n){1,5} +<<: \*table/);
});

test('queries of samples in Timestream name the cylinders that they read', () => {
  const files = globSync('infra/queries/timestream-*.sql', { cwd: root }).filter((path) =>
    /"samples"/.test(read(path)),
  );
  assert.equal(files.length, 2);
  for (const path of files) assert.match(read(path), /WHERE (\w\.)?cylinder IN \(/, path);
});
