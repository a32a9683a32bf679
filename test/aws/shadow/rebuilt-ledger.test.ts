import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { readLedgerItem } from '../../../aws/dynamodb/read-stream.ts';
import { createShadowService } from '../../../aws/shadow/service.ts';
import { createShadowTwins } from '../../../aws/shadow/twins.ts';
import { type Fields, isFields } from '../../../domain/fields.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { reportTwins } from '../../../usecases/report-twins.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { type MemoryDynamo, memoryDynamo } from '../../fixture/dynamo/memory-dynamo.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { clientSettings } from '../start-server.ts';
import { startShadowServer } from './server.ts';

/** A line whose shadows stay while its ledger is another one; the clock stands at a second after the start. */
const startLine = async () => {
  let second = 0;
  const nowMs = (): number => START_MS + second * 1000;
  const server = await startShadowServer({ nowMs });
  const client = new IoTDataPlaneClient(clientSettings(server.endpoint));
  const service = createShadowService(client, 'twin');
  const on = (dynamo: MemoryDynamo) => {
    const pause = () => Promise.resolve();
    const ledger = createDynamoLedger({ client: dynamo.client, table: 'ledger', now: nowMs, pause });
    const ports = { ledger, policies: SHORT_BOOK };
    // As after a deployment: nothing is remembered of the shadows.
    const report = reportTwins({ twins: createShadowTwins({ client, shadowName: 'twin' }) });
    const goOut = async (): Promise<void> => {
      await report(dynamo.stream().map(readLedgerItem));
    };
    return {
      receive: async (pattern: string, from: number) => {
        second = from;
        await evaluateSamples(ports)([messageOf('c', pattern, { from, at: from })]);
        await goOut();
      },
      acknowledge: async (id: string) => {
        const desired = { ack: { by: 'ana', id } };
        await service.desire('c', desired);
        await applyDesiredState(ports)({ thing: 'c', desired, receivedAt: nowMs() });
        await goOut();
      },
    };
  };
  return {
    on,
    reportedBefore: (reported: Fields) => service.write('c', { reported }, null),
    shadow: async () => {
      const found = await service.read('c');
      assert.ok(found !== null);
      return found;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.close();
    },
  };
};

const idsAnswered = (lastCommands: unknown): readonly unknown[] =>
  Array.isArray(lastCommands) ? lastCommands.filter(isFields).map(({ id }) => id) : [];

test('after a ledger was removed and set up anew its twins go on, and what people ask for is answered', async () => {
  await using line = await startLine();
  const former = line.on(memoryDynamo());
  for (let second = 0; second < 8; second += 1) await former.receive('A', second);
  assert.ok(Number((await line.shadow()).reported.recordVersion) > 3);
  const anew = line.on(memoryDynamo());
  await anew.receive('n', 60);
  const { reported } = await line.shadow();
  assert.deepEqual([reported.recordVersion, reported.condition], [1, 'NORMAL']);
  await anew.acknowledge('a-1');
  const { reported: answered, desired } = await line.shadow();
  assert.deepEqual([idsAnswered(answered.lastCommands), desired], [['a-1'], {}]);
});

test('after a table was restored, whose records are older than what twins show, they go on as well', async () => {
  await using line = await startLine();
  const dynamo = memoryDynamo();
  const former = line.on(dynamo);
  await former.receive('n', 0);
  const { Items: backup = [] } = await dynamo.client.send(new ScanCommand({ TableName: 'ledger' }));
  for (let second = 1; second < 9; second += 1) await former.receive('A', second);
  const restored = memoryDynamo();
  for (const Item of backup) await restored.client.send(new PutItemCommand({ TableName: 'ledger', Item }));
  restored.stream();
  const after = line.on(restored);
  await after.receive('n', 400);
  const { reported } = await line.shadow();
  assert.deepEqual([reported.recordVersion, reported.condition], [2, 'NORMAL']);
  await after.acknowledge('a-1');
  const { reported: answered, desired } = await line.shadow();
  assert.deepEqual([idsAnswered(answered.lastCommands), desired], [['a-1'], {}]);
});

test('a twin that an earlier program reported, which did not say when, goes on with the next save', async () => {
  await using line = await startLine();
  await line.reportedBefore({ condition: 'ACTIVE', recordVersion: 9 });
  await line.on(memoryDynamo()).receive('n', 0);
  const { reported } = await line.shadow();
  assert.deepEqual(
    [reported.condition, reported.recordVersion, reported.recordSavedAt],
    ['NORMAL', 1, START_MS],
  );
});
