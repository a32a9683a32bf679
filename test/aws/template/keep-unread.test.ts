import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { defaultParameters } from './default-parameters.ts';

const keepUnread = createRequire(import.meta.url)('../../../infra/keep-unread.cjs');

const NOW = Date.parse('2026-11-28T12:00:00Z');
const WITH = { InferenceStream: {}, InferenceRule: {} };
const WITHOUT = { InferenceRule: {} };

const stack = (outputs: Readonly<Record<string, string>>, updatedAt = NOW) => ({
  Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  LastUpdatedTime: new Date(updatedAt),
});
const STREAM = { InferenceStreamName: 's', InferenceIngest: 'stream' };
const DRAINING = { InferenceStreamName: 's', InferenceIngest: 'direct' };

const CASES: readonly (readonly [what: string, stack: unknown, resources: object, why: RegExp | null])[] = [
  ['a first deploy', undefined, WITHOUT, null],
  ['direct as before', stack({ InferenceIngest: 'direct' }), WITHOUT, null],
  ['direct to stream', stack({ InferenceIngest: 'direct' }), WITH, null],
  ['stream as before', stack(STREAM), WITH, null],
  ['stream to direct in one step', stack(STREAM), WITHOUT, /--param drainStream=on first/],
  [
    'a stack of before, which says nothing of its ingest',
    stack({ InferenceStreamName: 's' }),
    WITHOUT,
    /drainStream=on/,
  ],
  ['stream to direct with the stream still read', stack(STREAM), WITH, null],
  ['a stream that was drained for a minute', stack(DRAINING, NOW - 60_000), WITHOUT, /once more in 240 s/],
  ['a stream that was drained for five minutes', stack(DRAINING, NOW - 300_000), WITHOUT, null],
];

for (const [what, before, resources, why] of CASES) {
  test(`${what}: ${why === null ? 'goes on' : 'is refused, as messages would be lost'}`, () => {
    const said = keepUnread.unread(before, resources, NOW);
    if (why === null) assert.equal(said, null);
    else assert.match(String(said), why);
  });
}

test('it asks for the stack that is to be deployed before the deploy begins, and a first deploy goes on', async () => {
  const asked: string[] = [];
  const service = createServer(async (request, response) => {
    for await (const chunk of request) asked.push(String(chunk));
    const message = 'Stack with id cylinder-sentinel-dev does not exist';
    response.writeHead(400, { 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  assert.ok(typeof address === 'object' && address !== null);
  const guard = new keepUnread({
    service: { provider: { compiledCloudFormationTemplate: { Resources: WITHOUT } } },
    getProvider: () => ({
      naming: { getStackName: () => 'cylinder-sentinel-dev' },
      getAwsSdkV3Config: async () => ({
        region: 'eu-central-1',
        endpoint: `http://127.0.0.1:${address.port}`,
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      }),
    }),
  });
  assert.deepEqual(Object.keys(guard.hooks), ['before:deploy:deploy']);
  await guard.hooks['before:deploy:deploy']();
  service.closeAllConnections();
  service.close();
  assert.equal(asked.length, 1);
  assert.match(
    asked[0] ?? '',
    /Action=DescribeStacks&.*StackName=cylinder-sentinel-dev|StackName=cylinder-sentinel-dev&.*Action=DescribeStacks/,
  );
});

test('a function that fails at what it reads keeps the stream, and one that reads does not', async () => {
  const stream = 'arn:aws:kinesis:eu-central-1:123456789012:stream/s';
  const results: Readonly<Record<string, string>> = { store: 'OK', watch: 'PROBLEM: Function call failed' };
  const service = createServer((request, response) => {
    const reader = /FunctionName=cylinder-sentinel-dev-(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    const mappings = [
      { EventSourceArn: stream, LastProcessingResult: results[reader] },
      { EventSourceArn: `${stream}2`, LastProcessingResult: 'PROBLEM: of another stream' },
    ];
    response.end(JSON.stringify({ EventSourceMappings: mappings }));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  assert.ok(typeof address === 'object' && address !== null);
  const readings = await keepUnread.readingsOf(
    {
      naming: { getStackName: () => 'cylinder-sentinel-dev' },
      getAwsSdkV3Config: async () => ({
        region: 'eu-central-1',
        endpoint: `http://127.0.0.1:${address.port}`,
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      }),
    },
    's',
  );
  service.closeAllConnections();
  service.close();
  assert.deepEqual(readings, [
    { reader: 'store', result: 'OK' },
    { reader: 'watch', result: 'PROBLEM: Function call failed' },
  ]);
  assert.match(keepUnread.stuck(readings), /^watch fails at what it reads .*PROBLEM: Function call failed/);
  assert.equal(
    keepUnread.stuck([
      { reader: 'store', result: 'OK' },
      { reader: 'watch', result: undefined },
    ]),
    null,
  );
});

test('docs/upgrade.md says of every parameter what a change does to a stack that runs', () => {
  const text = readFileSync(new URL('../../../docs/upgrade.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(
    Object.keys(defaultParameters()).filter((name) => !named.includes(name)),
    [],
  );
});
