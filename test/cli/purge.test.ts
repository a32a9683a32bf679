import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { subjectsIn } from '../../aws/dynamodb/partitions.ts';
import { createShadowService } from '../../aws/shadow/service.ts';
import { purgeSubject } from '../../cli/purge.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { ledgerOn } from '../aws/dynamodb/under-test.ts';
import { startShadowServer } from '../aws/shadow/server.ts';
import { clientSettings } from '../aws/start-server.ts';
import { memoryDynamo } from '../fixture/dynamo/memory-dynamo.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const start = async () => {
  const dynamo = memoryDynamo({ pageItems: 2 });
  const ports = { ledger: ledgerOn(dynamo), policies: SHORT_BOOK };
  await evaluateSamples(ports)([messageOf('a', 'AAAAAA'), messageOf('b', 'nnnnnn')]);
  const server = await startShadowServer();
  const shadows = createShadowService(new IoTDataPlaneClient(clientSettings(server.endpoint)), 'twin');
  for (const thing of ['a', 'theirs'])
    await shadows.write(thing, { reported: { condition: 'NORMAL' } }, null);
  const places = { client: dynamo.client, table: 'ledger', shadows };
  const partitions = () => new Set(dynamo.items().map(({ pk }) => pk?.S));
  return { dynamo, shadows, places, partitions, [Symbol.asyncDispose]: () => server.close() };
};

const a = { kind: 'cylinder', name: 'a' } as const;

test('a cylinder is removed from the ledger and from the shadows, and nothing else is', async () => {
  await using line = await start();
  const words = 'the shadow twin, its state, its report for the twin, 1 incident, 1 incident step, 1 notice';
  const before = line.dynamo.items();
  assert.equal(await purgeSubject(line.places, a, false), words);
  assert.deepEqual(line.dynamo.items(), before);
  assert.equal(await purgeSubject(line.places, a, true), words);
  assert.deepEqual(line.partitions(), new Set(['C#b', 'G#g']));
  assert.equal(await line.shadows.read('a'), null);
  assert.equal(await purgeSubject(line.places, a, true), null);
});

test('a cylinder that the ledger does not know is left alone, shadow and all: it may be another stage’s', async () => {
  await using line = await start();
  const before = line.dynamo.items();
  assert.equal(await purgeSubject(line.places, { kind: 'cylinder', name: 'theirs' }, true), null);
  assert.deepEqual(line.dynamo.items(), before);
  assert.notEqual(await line.shadows.read('theirs'), null);
});

test('what broke off is known still, and is removed when it is asked for again', async () => {
  await using line = await start();
  const remove = () => Promise.reject(new Error('no shadows now'));
  const broken = { ...line.places, shadows: { ...line.shadows, remove } };
  await assert.rejects(purgeSubject(broken, a, true), /no shadows now/);
  assert.equal(await purgeSubject(line.places, a, true), 'the shadow twin, its state');
});

test('all of a table are its cylinders and its gateways, each once', async () => {
  await using line = await start();
  assert.deepEqual(
    (await subjectsIn({ client: line.dynamo.client, table: 'ledger' })).map(
      ({ kind, name }) => `${kind} ${name}`,
    ),
    ['cylinder a', 'cylinder b', 'gateway g'],
  );
  assert.equal(await purgeSubject(line.places, { kind: 'gateway', name: 'g' }, true), 'its state');
});
