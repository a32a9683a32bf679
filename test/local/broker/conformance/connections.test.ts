import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBroker } from '../broker-fixture.ts';
import { connectPacket, packet, publishPacket, rawClient, subscribePacket, text, u16 } from './raw-client.ts';

const PING = packet('pingreq', 0);
const NUL = Uint8Array.from([0x61, 0, 0x62]);
const NO_UTF8 = Uint8Array.from([0x61, 0xc0, 0xaf]);
const SURROGATE = Uint8Array.from([0xed, 0xa0, 0x80]);

/** A statement of MQTT 3.1.1 by its number, what it asks of a broker, what is sent, and what comes back. */
const STATEMENTS: readonly (readonly [
  number: string,
  asks: string,
  sent: readonly Uint8Array[],
  came: readonly string[],
])[] = [
  ['3.1.0-1', 'the first packet is CONNECT', [PING], ['closed']],
  ['3.1.0-1', 'the first packet is CONNECT', [publishPacket('a', 'x')], ['closed']],
  [
    '3.1.0-2',
    'a second CONNECT ends the connection',
    [connectPacket(), connectPacket()],
    ['connack 0 0', 'closed'],
  ],
  ['3.1.2-1', 'another protocol than MQTT is not served', [connectPacket({ protocol: 'MQTS' })], ['closed']],
  [
    '3.1.2-2',
    'another level is told by return code 1',
    [connectPacket({ level: 6 })],
    ['connack 0 1', 'closed'],
  ],
  ['3.1.2-3', 'the reserved flag of CONNECT is 0', [connectPacket({ flags: 3 })], ['closed']],
  ['3.1.2-13', 'without a will there is no QoS of one', [connectPacket({ flags: 2 | 8 })], ['closed']],
  ['3.1.2-15', 'without a will it is not retained', [connectPacket({ flags: 2 | 32 })], ['closed']],
  [
    '3.1.2-14',
    'the QoS of a will is not 3',
    [connectPacket({ will: { topic: 'w', message: 'm', qos: 3 } })],
    ['closed'],
  ],
  [
    '3.1.2-22',
    'a password needs a name',
    [packet('connect', 0, text('MQTT'), Buffer.from([4, 2 | 64]), u16(0), text('c'), text('p'))],
    ['closed'],
  ],
  [
    '3.1.3-5',
    'a client id may have 23 letters and digits',
    [connectPacket({ id: 'abcdefghijklmnopqrstuvw' }), PING],
    ['connack 0 0', 'pingresp'],
  ],
  [
    '3.1.3-6',
    'an empty client id is given one',
    [connectPacket({ id: '' }), PING],
    ['connack 0 0', 'pingresp'],
  ],
  [
    '3.1.3-8',
    'an empty client id keeps no session',
    [connectPacket({ id: '', clean: false })],
    ['connack 0 2', 'closed'],
  ],
  [
    '3.1.4-5',
    'what follows CONNECT at once is answered after CONNACK',
    [connectPacket(), publishPacket('a', 'x', { qos: 1, id: 9 })],
    ['connack 0 0', 'puback 9'],
  ],
  ['3.2.2-1', 'a clean session is a new one', [connectPacket({ clean: true })], ['connack 0 0']],
  [
    '3.2.2-3',
    'a session that was not there is a new one',
    [connectPacket({ clean: false })],
    ['connack 0 0'],
  ],
  [
    '2.2.2-2',
    'the flags of CONNECT are 0',
    [packet('connect', 1, text('MQTT'), Buffer.from([4, 2]), u16(0), text('c'))],
    ['closed'],
  ],
  [
    '2.2.2-2',
    'the flags of PINGREQ are 0',
    [connectPacket(), packet('pingreq', 3)],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.14.1-1',
    'the flags of DISCONNECT are 0',
    [connectPacket(), packet('disconnect', 1)],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.6.1-1',
    'the flags of PUBREL are 2',
    [connectPacket(), packet('pubrel', 0, u16(1))],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.8.1-1',
    'the flags of SUBSCRIBE are 2',
    [connectPacket(), packet('subscribe', 0, u16(1), text('a'), Buffer.from([0]))],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.10.1-1',
    'the flags of UNSUBSCRIBE are 2',
    [connectPacket(), packet('unsubscribe', 0, u16(1), text('a'))],
    ['connack 0 0', 'closed'],
  ],
  ['3.12.4-1', 'a ping is answered', [connectPacket(), PING, PING], ['connack 0 0', 'pingresp', 'pingresp']],
  [
    '3.14.4-1',
    'after DISCONNECT the connection ends',
    [connectPacket(), packet('disconnect', 0)],
    ['connack 0 0', 'closed'],
  ],
  [
    '2.3.1-1',
    'a SUBSCRIBE has an identifier',
    [connectPacket(), subscribePacket(0, ['a', 0])],
    ['connack 0 0', 'closed'],
  ],
  [
    '2.3.1-1',
    'a PUBLISH of QoS 1 has an identifier',
    [connectPacket(), publishPacket('a', 'x', { qos: 1, id: 0 })],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.3.1-4',
    'no QoS is 3',
    [connectPacket(), publishPacket('a', 'x', { qos: 3 })],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.3.2-2',
    'nobody publishes to a filter',
    [connectPacket(), publishPacket('a/+', 'x')],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.3.2-2',
    'nobody publishes to a filter',
    [connectPacket(), publishPacket('a/#', 'x')],
    ['connack 0 0', 'closed'],
  ],
  [
    '4.7.3-1',
    'a topic has a character',
    [connectPacket(), publishPacket('', 'x')],
    ['connack 0 0', 'closed'],
  ],
  [
    '4.7.3-1',
    'a filter has a character',
    [connectPacket(), subscribePacket(1, ['', 0])],
    ['connack 0 0', 'closed'],
  ],
  ['3.8.3-3', 'a SUBSCRIBE has a filter', [connectPacket(), subscribePacket(1)], ['connack 0 0', 'closed']],
  [
    '3.8.3-4',
    'the QoS that is asked for is 0, 1 or 2',
    [connectPacket(), subscribePacket(1, ['a', 3])],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.8.3-4',
    'the reserved bits beside it are 0',
    [connectPacket(), subscribePacket(1, ['a', 5])],
    ['connack 0 0', 'closed'],
  ],
  [
    '3.10.3-2',
    'an UNSUBSCRIBE has a filter',
    [connectPacket(), packet('unsubscribe', 2, u16(1))],
    ['connack 0 0', 'closed'],
  ],
  ['1.5.3-1', 'a topic is UTF-8', [connectPacket(), publishPacket(NO_UTF8, 'x')], ['connack 0 0', 'closed']],
  [
    '1.5.3-1',
    'a topic has no lone surrogate',
    [connectPacket(), publishPacket(SURROGATE, 'x')],
    ['connack 0 0', 'closed'],
  ],
  [
    '1.5.3-1',
    'a filter is UTF-8',
    [connectPacket(), subscribePacket(1, [NO_UTF8, 0])],
    ['connack 0 0', 'closed'],
  ],
  ['1.5.3-2', 'a topic has no NUL', [connectPacket(), publishPacket(NUL, 'x')], ['connack 0 0', 'closed']],
  [
    '4.7.3-2',
    'a filter has no NUL',
    [connectPacket(), subscribePacket(1, [NUL, 0])],
    ['connack 0 0', 'closed'],
  ],
  [
    '4.7.1-2',
    '# stands at the end alone',
    [connectPacket(), subscribePacket(1, ['a/#/b', 0])],
    ['connack 0 0', 'closed'],
  ],
  [
    '4.7.1-3',
    '+ stands for a whole level',
    [connectPacket(), subscribePacket(1, ['a+/b', 0])],
    ['connack 0 0', 'closed'],
  ],
  [
    '4.8.0-1',
    'a packet of no type ends the connection',
    [connectPacket(), Buffer.from([0xf0, 0])],
    ['connack 0 0', 'closed'],
  ],
];

for (const [number, asks, sent, came] of STATEMENTS)
  test(`[MQTT-${number}] ${asks}`, { timeout: 10_000 }, async (t) => {
    const { socket } = await startBroker(t);
    const client = rawClient(await socket());
    client.send(...sent);
    const heard: string[] = [];
    while (heard.length < came.length) heard.push(await client.next());
    assert.deepEqual(heard, came);
  });
