import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { failureCode } from '../../aws/aws-error.ts';
import { functionClient, longestCallMs } from '../../aws/client-settings.ts';
import { SAVE_PATIENCE_MS } from '../../aws/dynamodb/table.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const service = read('serverless.yml');
const attempts = Number(/^ {4}AWS_MAX_ATTEMPTS: (\d+)$/m.exec(service)?.[1]);

const FUNCTIONS = ['store', 'watch', 'command', 'sweep', 'notify', 'twin'] as const;

const timeoutMs = (name: string): number => {
  const [, block = ''] =
    new RegExp(`^ {2}(?:- | {2})${name}:\\n((?:(?: {6}.*)?\\n)+)`, 'm').exec(service) ?? [];
  return Number(/^ {6}timeout: (\d+)$/m.exec(block)?.[1]) * 1000;
};

for (const name of FUNCTIONS) {
  test(`a call of ${name}, with all its attempts and what comes before them, ends before the function does`, () => {
    const savesOne = name === 'command';
    const saves = savesOne || name === 'watch' || name === 'sweep';
    const patienceMs = savesOne ? SAVE_PATIENCE_MS.one : SAVE_PATIENCE_MS.batch;
    const longestMs = longestCallMs(attempts) + (saves ? patienceMs : 0);
    assert.ok(longestMs < timeoutMs(name), `${longestMs} ms of ${timeoutMs(name)}`);
  });
}

test('there is no client in functions or in aws that is made without the settings of its place', () => {
  const files = globSync(['functions/**/*.ts', 'aws/**/*.ts'], { cwd: ROOT.pathname });
  const made = files.flatMap((file) =>
    [...read(file).matchAll(/new \w+Client\(([^)]{0,80})/g)].map(
      ([, settings = '']) => `${file}: ${settings}`,
    ),
  );
  assert.ok(made.length >= 9);
  for (const one of made) assert.match(one, /functionClient|: settings/);
});

test('a service that takes a connection and says nothing is known to be unreachable', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const silent = createServer(() => t.mock.timers.tick(functionClient.requestHandler.requestTimeout));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new DynamoDBClient({
    ...functionClient,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
    maxAttempts: 1,
  });
  await assert.rejects(client.send(new ListTablesCommand({})), (error: unknown) => {
    assert.equal(failureCode(error), 'unreachable');
    return true;
  });
  client.destroy();
  silent.close();
});
