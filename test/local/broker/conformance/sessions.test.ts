import assert from 'node:assert/strict';
import { packet, publishPacket, subscribePacket } from './raw-client.ts';
import { ack, cut, subscribed, testStatements } from './statements.ts';

const LASTING = { id: 'lasting', clean: false } as const;
const WILL = { topic: 'will', message: 'gone' };

testStatements([
  [
    '3.1.2-4',
    'a session that is kept goes on',
    async (c) => {
      const first = await c(LASTING);
      await subscribed(first, ['a', 1]);
      first.send(packet('disconnect', 0));
      await first.next();
      (await c()).send(publishPacket('a', 'x', { qos: 1 }));
      const again = await c(LASTING);
      assert.equal(again.session, 'connack 1 0');
      assert.equal(await again.next(), 'publish a x qos 1');
    },
  ],
  [
    '3.1.2-6',
    'a clean session ends the one that was kept',
    async (c) => {
      await subscribed(await c(LASTING), ['a', 1]);
      const clean = await c({ ...LASTING, clean: true });
      assert.equal(clean.session, 'connack 0 0');
      (await c()).send(publishPacket('a', 'x', { qos: 1 }));
      assert.deepEqual(await clean.rest(), []);
      clean.send(packet('disconnect', 0));
      assert.equal((await c(LASTING)).session, 'connack 0 0');
    },
  ],
  [
    '3.1.4-2',
    'the same client id ends the former connection',
    async (c) => {
      const former = await c();
      await c();
      assert.equal(await former.next(), 'closed');
    },
  ],
  [
    '3.1.2-8',
    'a will is published when the connection ends by itself',
    async (c) => {
      const [hears, ends] = [await c({ id: 'hears' }), await c({ will: WILL })];
      await subscribed(hears, ['will', 0]);
      cut(ends);
      assert.equal(await hears.next(), 'publish will gone qos 0');
    },
  ],
  [
    '3.1.2-8',
    'a will is published when the packet was wrong',
    async (c) => {
      const [hears, ends] = [await c({ id: 'hears' }), await c({ will: WILL })];
      await subscribed(hears, ['will', 0]);
      ends.send(subscribePacket(0, ['a', 0]));
      assert.equal(await hears.next(), 'publish will gone qos 0');
    },
  ],
  [
    '3.1.2-10',
    'DISCONNECT takes the will away',
    async (c) => {
      const [hears, ends] = [await c({ id: 'hears' }), await c({ will: WILL })];
      await subscribed(hears, ['will', 0]);
      ends.send(packet('disconnect', 0));
      assert.equal(await ends.next(), 'closed');
      assert.deepEqual(await hears.rest(), []);
    },
  ],
  [
    '3.1.2-17',
    'a will that asks for it is retained',
    async (c) => {
      const [hears, ends] = [await c({ id: 'hears' }), await c({ will: { ...WILL, retain: true } })];
      await subscribed(hears, ['will', 0]);
      cut(ends);
      assert.equal(await hears.next(), 'publish will gone qos 0');
      const late = await c({ id: 'late' });
      await subscribed(late, ['will', 0]);
      assert.equal(await late.next(), 'publish will gone qos 0 retain');
    },
  ],
  [
    '3.1.2-24',
    'who is silent for longer than one and a half times its keep-alive is disconnected',
    async (c) => {
      assert.equal(await (await c({ keepAlive: 1 })).next(), 'closed');
    },
  ],
  [
    '4.4.0-1',
    'what was not acknowledged comes again when the session goes on, as a repetition',
    async (c) => {
      const client = await c(LASTING);
      await subscribed(client, ['a', 2]);
      const other = await c({ id: 'other' });
      other.send(publishPacket('a', 'x', { qos: 1 }));
      assert.equal(await client.next(), 'publish a x qos 1');
      const id = client.lastId();
      cut(client);
      const again = await c(LASTING);
      assert.equal(await again.next(), 'publish a x qos 1 dup');
      assert.equal(again.lastId(), id);
      ack(again, 'puback');
      again.send(packet('disconnect', 0));
      await again.next();
      assert.deepEqual(await (await c(LASTING)).rest(), []);
    },
  ],
]);
