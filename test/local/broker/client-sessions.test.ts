import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AedesPublishPacket } from 'aedes';
import { boundSessions, type SessionStore } from '../../../local/broker/client-sessions.ts';

const packet = (messageId: number, bytes: number): AedesPublishPacket => ({
  cmd: 'publish',
  topic: 't',
  payload: Buffer.alloc(bytes),
  qos: 1,
  dup: false,
  retain: false,
  brokerId: '',
  brokerCounter: messageId,
  messageId,
});

const start = (limits: { messages: number; bytes: number }) => {
  const queues = new Map<string, AedesPublishPacket[]>();
  const full: string[] = [];
  const store: SessionStore = {
    outgoingEnqueueCombi: (sessions, message) => {
      for (const { clientId } of sessions) queues.set(clientId, [...(queues.get(clientId) ?? []), message]);
      return Promise.resolve();
    },
    outgoingClearMessageId: ({ id }, { messageId }) => {
      const cleared = queues.get(id)?.find((message) => message.messageId === messageId);
      queues.set(id, queues.get(id)?.filter((message) => message !== cleared) ?? []);
      return Promise.resolve(cleared);
    },
  };
  boundSessions(store, limits, (clientId) => full.push(clientId));
  const send = (clientIds: string[], messageId: number, bytes = 10) =>
    store.outgoingEnqueueCombi(
      clientIds.map((clientId) => ({ clientId })),
      packet(messageId, bytes),
    );
  const waiting = (clientId: string) => queues.get(clientId)?.map(({ messageId }) => messageId) ?? [];
  return { store, send, waiting, full };
};

test('a session keeps its oldest messages when it is full, and others go on', async () => {
  const { send, waiting, full } = start({ messages: 2, bytes: 1000 });
  await send(['a'], 1);
  await send(['a', 'b'], 2);
  await send(['a', 'b'], 3);
  assert.deepEqual(
    [waiting('a'), waiting('b')],
    [
      [1, 2],
      [2, 3],
    ],
  );
  assert.deepEqual(full, ['a']);
});

test('what a client acknowledges makes room', async () => {
  const { store, send, waiting } = start({ messages: 1, bytes: 1000 });
  await send(['a'], 1);
  await store.outgoingClearMessageId({ id: 'a' }, packet(9, 0));
  await send(['a'], 2);
  await store.outgoingClearMessageId({ id: 'a' }, packet(1, 0));
  await send(['a'], 3);
  assert.deepEqual(waiting('a'), [3]);
});

test('all sessions together keep no more than the bytes allowed', async () => {
  const { store, send, waiting } = start({ messages: 100, bytes: 100 });
  await send(['a'], 1, 60);
  await send(['b'], 2, 60);
  await send(['b'], 3, 40);
  assert.deepEqual([waiting('a'), waiting('b')], [[1], [3]]);
  await store.outgoingClearMessageId({ id: 'a' }, packet(1, 0));
  await send(['b'], 4, 60);
  assert.deepEqual(waiting('b'), [3, 4]);
});
