import assert from 'node:assert/strict';
import { publishPacket, type RawClient, subscribePacket, unsubscribePacket } from './raw-client.ts';
import { ack, several, subscribed, testStatements } from './statements.ts';

/** Publishes a retained message, and waits until the broker has it. */
const retain = async (client: RawClient, message: string): Promise<void> => {
  client.send(publishPacket('a', message, { qos: 1, retain: true }));
  assert.equal(await client.next(), 'puback 1');
};

testStatements([
  [
    '3.3.1-5',
    'a retained message waits for later subscribers, who are told so',
    async (c) => {
      const client = await c();
      await retain(client, 'first');
      await retain(client, 'second');
      await subscribed(client, ['a', 0]);
      assert.deepEqual(await client.rest(), ['publish a second qos 0 retain']);
    },
  ],
  [
    '3.3.1-9',
    'who had subscribed before is sent it as any other',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a', 0]);
      client.send(publishPacket('a', 'x', { retain: true }));
      assert.equal(await client.next(), 'publish a x qos 0');
    },
  ],
  [
    '3.3.1-10',
    'an empty retained message takes the former away, and is kept itself by nobody',
    async (c) => {
      const client = await c();
      await retain(client, 'x');
      await retain(client, '');
      await subscribed(client, ['a', 0]);
      assert.deepEqual(await client.rest(), []);
    },
  ],
  [
    '3.3.1-12',
    'a message that is not retained leaves the retained one as it is',
    async (c) => {
      const client = await c();
      await retain(client, 'kept');
      client.send(publishPacket('a', 'passing', { qos: 1 }));
      assert.equal(await client.next(), 'puback 1');
      await subscribed(client, ['a', 0]);
      assert.deepEqual(await client.rest(), ['publish a kept qos 0 retain']);
    },
  ],
  [
    '3.3.1-3',
    'a message is not passed on as a repetition because it came as one',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a', 1]);
      client.send(publishPacket('a', 'x', { qos: 1, id: 3, dup: true }));
      assert.deepEqual(await several(client, 2), ['puback 3', 'publish a x qos 1']);
    },
  ],
  [
    '3.3.4-1',
    'QoS 1 is answered by PUBACK, QoS 2 by PUBREC and PUBCOMP, with their identifiers',
    async (c) => {
      const client = await c();
      client.send(
        publishPacket('a', 'x', { qos: 1, id: 65_535 }),
        publishPacket('a', 'x', { qos: 2, id: 2 }),
      );
      assert.equal(await client.next(), 'puback 65535');
      assert.equal(await client.next(), 'pubrec 2');
      ack(client, 'pubrel', 2);
      assert.equal(await client.next(), 'pubcomp 2');
    },
  ],
  [
    '4.3.3-2',
    'a message of QoS 2 that comes again before PUBREL is passed on once',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a', 0]);
      client.send(publishPacket('a', 'x', { qos: 2, id: 2 }));
      assert.deepEqual(await several(client, 2), ['publish a x qos 0', 'pubrec 2']);
      client.send(publishPacket('a', 'x', { qos: 2, id: 2, dup: true }));
      assert.equal(await client.next(), 'pubrec 2');
      ack(client, 'pubrel', 2);
      assert.deepEqual(await client.rest(), ['pubcomp 2']);
    },
  ],
  [
    '3.8.4-6',
    'a message comes with the lower QoS of the two',
    async (c) => {
      const client = await c();
      await subscribed(client, ['one', 1], ['two', 2]);
      client.send(publishPacket('one', 'x', { qos: 2, id: 5 }));
      assert.deepEqual(await several(client, 2), ['publish one x qos 1', 'pubrec 5']);
      ack(client, 'pubrel', 5);
      assert.equal(await client.next(), 'pubcomp 5');
      client.send(publishPacket('two', 'y'));
      assert.equal(await client.next(), 'publish two y qos 0');
    },
  ],
  [
    '3.3.5-1',
    'overlapping filters bring a message with the highest QoS of them',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a/#', 0], ['a/+', 1]);
      client.send(publishPacket('a/b', 'x', { qos: 1, id: 4 }));
      const came: string[] = [];
      while (!came.includes('publish a/b x qos 1')) {
        came.push(await client.next());
        assert.notEqual(came.at(-1), 'closed');
      }
    },
  ],
  [
    '3.8.4-2',
    'SUBACK has the identifier of its SUBSCRIBE, and a code for each filter in order',
    async (c) => {
      const client = await c();
      client.send(subscribePacket(772, ['a', 2], ['$share/g/a', 1], ['b', 0], ['c', 1]));
      assert.equal(await client.next(), 'suback 772 2 128 0 1');
    },
  ],
  [
    '3.8.4-3',
    'a filter that comes again takes the place of the first, and retained messages come again',
    async (c) => {
      const client = await c();
      await retain(client, 'kept');
      await subscribed(client, ['a', 0]);
      assert.equal(await client.next(), 'publish a kept qos 0 retain');
      await subscribed(client, ['a', 1]);
      assert.equal(await client.next(), 'publish a kept qos 1 retain');
      client.send(publishPacket('a', 'x', { qos: 1, id: 6 }));
      assert.deepEqual(await several(client, 2), ['puback 6', 'publish a x qos 1']);
    },
  ],
  [
    '3.10.4-1',
    'a filter ends by the same filter alone, character for character',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a/+', 0]);
      client.send(unsubscribePacket(8, 'a/#', 'A/+', 'a/b'));
      assert.equal(await client.next(), 'unsuback 8');
      client.send(publishPacket('a/b', 'x'));
      assert.equal(await client.next(), 'publish a/b x qos 0');
      client.send(unsubscribePacket(9, 'a/+'));
      assert.equal(await client.next(), 'unsuback 9');
      client.send(publishPacket('a/b', 'x'));
      assert.deepEqual(await client.rest(), []);
    },
  ],
  [
    '3.10.4-5',
    'UNSUBACK comes though there was nothing to end',
    async (c) => {
      const client = await c();
      client.send(unsubscribePacket(9, 'never'));
      assert.equal(await client.next(), 'unsuback 9');
    },
  ],
  [
    '4.6.0-6',
    'the messages of a topic keep their order',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a', 1]);
      const numbers = Array.from({ length: 40 }, (_, number) => number);
      const other = await c({ id: 'other' });
      other.send(...numbers.map((number) => publishPacket('a', `${number}`, { qos: 1, id: number + 1 })));
      for (const number of numbers) {
        assert.equal(await client.next(), `publish a ${number} qos 1`);
        ack(client, 'puback');
      }
      for (const number of numbers) assert.equal(await other.next(), `puback ${number + 1}`, 'MQTT-4.6.0-2');
    },
  ],
  [
    '4.7.2-1',
    'a filter that begins with a wildcard is of no topic that begins with $',
    async (c) => {
      const client = await c();
      await subscribed(client, ['#', 0], ['+/x', 0]);
      client.send(publishPacket('$own/x', 'hidden'), publishPacket('own/x', 'seen'));
      assert.deepEqual([...new Set(await client.rest())], ['publish own/x seen qos 0']);
    },
  ],
  [
    '4.7.3-4',
    'topics differ by any character: by case, by a slash before or behind',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a/b', 0]);
      client.send(...['A/b', '/a/b', 'a/b/', 'a//b', 'a/b '].map((topic) => publishPacket(topic, 'no')));
      assert.deepEqual(await client.rest(), []);
    },
  ],
  [
    '4.7.1-2',
    '# is of the level above it too',
    async (c) => {
      const client = await c();
      await subscribed(client, ['a/#', 0]);
      client.send(publishPacket('a', 'x'), publishPacket('a/b/c', 'x'), publishPacket('ab', 'x'));
      assert.deepEqual(await client.rest(), ['publish a x qos 0', 'publish a/b/c x qos 0']);
    },
  ],
  [
    '1.5.3-3',
    'U+FEFF in a topic stays where it is',
    async (c) => {
      const client = await c();
      await subscribed(client, ['#', 0]);
      client.send(publishPacket('\uFEFFa', 'x'));
      assert.equal(await client.next(), 'publish \uFEFFa x qos 0');
    },
  ],
]);
