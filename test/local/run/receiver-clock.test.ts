import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalClock, recordingClock } from '../../../local/run/receiver-clock.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { messageOf, messageOfBytes } from '../../fixture/received-message.ts';

test('a message is received when it arrives, whatever is in it', () => {
  let now = 5;
  const clock = arrivalClock({ now: () => now, sleepUntil: () => Promise.resolve() });
  const { topic, body } = messageOf('c', 'nnn').raw;
  assert.equal(clock.receivedAt(topic, body), 5);
  now = 6;
  assert.equal(clock.receivedAt(topic, body), 6);
  assert.equal(clock.now(), 6);
});

test('a message of a recording is received at its newest sample, and never before what came earlier', () => {
  const clock = recordingClock(START_MS);
  const receive = ({ raw }: ReturnType<typeof messageOf>): number =>
    clock.receivedAt(raw.topic, raw.body) - START_MS;
  assert.equal(clock.now(), START_MS);
  assert.equal(receive(messageOf('c', 'nnn', { from: 10 })), 12_000);
  assert.equal(receive(messageOf('d', 'n', { from: 5 })), 12_000);
  assert.equal(receive(messageOfBytes('garbage')), 12_000);
  assert.equal(receive(messageOf('d', 'n', { from: 13 })), 13_000);
  assert.equal(clock.now(), START_MS + 13_000);
});
