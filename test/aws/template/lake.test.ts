import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const lake = createRequire(import.meta.url)('../../../infra/lake.cjs');

const given = (values: Readonly<Record<string, string>>) =>
  lake({ resolveVariable: (name: string) => Promise.resolve(values[name.slice('param:'.length)] ?? '') });

test('a new lake has a bucket of its own, which stays when the stack goes', async () => {
  const { name, arn, resources } = await given({ store: 'lake' });
  assert.deepEqual([name, arn, resources], [`\${Lake}`, `\${Lake.Arn}`, `\${file(infra/lake-bucket.yml)}`]);
  const bucket = readFileSync(join(import.meta.dirname, '../../../infra/lake-bucket.yml'), 'utf8');
  assert.match(bucket, /DeletionPolicy: RetainExceptOnCreate/);
});

test('a lake that stayed is taken up by the name of its bucket, and none is made', async () => {
  assert.deepEqual(await given({ store: 'lake', lakeBucket: 'old-lake' }), {
    name: 'old-lake',
    arn: `arn:\${AWS::Partition}:s3:::old-lake`,
    resources: {},
  });
});

test('without a lake there is no bucket', async () => {
  assert.deepEqual((await given({ store: 'timestream' })).resources, {});
});

test('nothing of the lake names its bucket otherwise', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../infra/telemetry-lake.yml'), 'utf8');
  assert.doesNotMatch(text, /\bLake(\.Arn)?[}\n]|!Ref Lake\b/);
});
