import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { savedQueries, statementOf } from '../../../analysis/saved-queries.ts';

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

test('a saved query that is asked about one cylinder names it wherever it reads Timestream', () => {
  const asked = { from: 0, to: 1000, cylinder: 'cyl-07' };
  for (const query of savedQueries()) {
    const text = statementOf(query, 'timestream', asked);
    const reads = text.match(/FROM "telemetry"\."(samples|incidents)"/g) ?? [];
    assert.ok(reads.length > 0, query.name);
    assert.equal(
      text.match(/\('cyl-07' IS NULL OR cylinder = 'cyl-07'( OR cylinder = '\*')?\)/g)?.length,
      reads.length,
      query.name,
    );
  }
});
