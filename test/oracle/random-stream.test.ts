import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { replayOracle } from './oracle.ts';
import { randomStream } from './random-stream.ts';

const told = v.object({ type: v.string() });
const STREAMS = 60;

const TYPES = [
  'RAISED',
  'REOPENED',
  'FLAPPING',
  'ESCALATED',
  'OCCURRED',
  'SHELF_EXPIRED',
  'REMINDER',
  'RECOVERED',
  'OFFLINE',
  'ONLINE',
];

test('a seed always gives the same stream, and another seed another', () => {
  assert.deepEqual(randomStream(11), randomStream(11));
  assert.notDeepEqual(randomStream(11), randomStream(12));
});

test(`${STREAMS} random streams meet every type of notice`, () => {
  const met = new Set<string>();
  for (let seed = 1; seed <= STREAMS; seed += 1) {
    for (const line of replayOracle(randomStream(seed))) {
      if (v.is(told, line)) met.add(line.type);
    }
  }
  assert.deepEqual(
    TYPES.filter((type) => !met.has(type)),
    [],
  );
});
