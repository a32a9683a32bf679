import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, samplesOf } from '../../test/fixture/alarm-story.ts';
import { saying } from '../../test/fixture/alarm-words.ts';
import type { Sample } from '../message/sample.ts';
import { createPlant, type Plant, sweepPlant, takeCommand, takeMessage } from './plant.ts';

const policyOf = () => SHORT_POLICY;

const from = (gateway: string, cylinder: string, pattern: string, second: number): readonly Sample[] =>
  samplesOf(pattern, second).map((sample) => ({ ...sample, gateway, cylinder }));

/** A message of a gateway for each cylinder in it, received at a second, in words. */
const message = (plant: Plant, gateway: string, samples: readonly Sample[], second: number) =>
  [...Map.groupBy(samples, ({ cylinder }) => cylinder).values()].flatMap((its) =>
    takeMessage(plant, { gateway, samples: its, rejections: [] }, at(second), policyOf).map(saying),
  );

const tick = (plant: Plant, second: number) => sweepPlant(plant, at(second), policyOf).map(saying);

/** A gateway that says something of `cylinder` every ten seconds. */
const keepSpeaking = (plant: Plant, gateway: string, cylinder: string, first: number, last: number) => {
  for (let second = first; second <= last; second += 10)
    message(plant, gateway, from(gateway, cylinder, 'nnnnn', second), second);
};

test('every cylinder has an alarm of its own', () => {
  const plant = createPlant();
  const said = message(plant, 'g', [...from('g', 'a', 'AAAA', 0), ...from('g', 'b', 'nnnn', 0)], 4);
  assert.deepEqual(said, ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2', 'RAISED @2#1 advisory at 4']);
  assert.deepEqual([...plant.cylinders.keys()], ['a', 'b']);
  assert.equal(plant.cylinders.get('b')?.condition, 'NORMAL');
});

test('each cylinder has a policy of its own, and a gateway the one for all', () => {
  const plant = createPlant();
  const asked: (string | null)[] = [];
  const recorded = (name: string | null) => {
    asked.push(name);
    return SHORT_POLICY;
  };
  takeMessage(plant, { gateway: 'g', samples: from('g', 'a', 'n', 0), rejections: [] }, at(0), recorded);
  takeCommand(plant, 'a', { type: 'ack' }, at(0), recorded);
  sweepPlant(plant, at(1), recorded);
  assert.deepEqual(asked, [null, 'a', 'a', 'a', null, 'a']);
});

test('a message of which not even the topic was understood is heard from nobody', () => {
  const plant = createPlant();
  assert.deepEqual(takeMessage(plant, { gateway: null, samples: [], rejections: [] }, at(0), policyOf), []);
  assert.deepEqual([plant.cylinders.size, plant.gateways.size], [0, 0]);
});

test('a message without a sample is a word of its gateway all the same', () => {
  const plant = createPlant();
  takeMessage(plant, { gateway: 'g', samples: [], rejections: [] }, at(5), policyOf);
  assert.equal(plant.gateways.get('g')?.lastHeardAt, at(5));
});

test('a command reaches its cylinder, and makes one that nobody heard of', () => {
  const plant = createPlant();
  assert.deepEqual(takeCommand(plant, 'z', { type: 'ack', by: 'ana' }, at(3), policyOf).map(saying), [
    'ack: no incident at 3',
  ]);
  assert.deepEqual([...plant.cylinders.keys()], ['z']);
  assert.deepEqual(tick(plant, 900), []);
});

test('a gateway that falls silent is told of once, and not each of its cylinders', () => {
  const plant = createPlant();
  message(plant, 'g', [...from('g', 'a', 'n', 0), ...from('g', 'b', 'n', 0)], 0);
  assert.deepEqual(tick(plant, 59), []);
  assert.deepEqual(tick(plant, 60), ['OFFLINE @0#1 at 60']);
  assert.deepEqual([tick(plant, 61), tick(plant, 900)], [[], []]);
  assert.deepEqual(message(plant, 'g', from('g', 'a', 'n', 901), 901), ['ONLINE @0#2 at 901']);
});

test('a cylinder that falls silent while its gateway speaks on is told of once, and answered', () => {
  const plant = createPlant();
  message(plant, 'g', from('g', 'a', 'n', 0), 0);
  keepSpeaking(plant, 'g', 'b', 0, 50);
  assert.deepEqual(tick(plant, 59), []);
  keepSpeaking(plant, 'g', 'b', 60, 60);
  assert.deepEqual(tick(plant, 60), ['OFFLINE @0#1 at 60']);
  assert.deepEqual(tick(plant, 61), []);
  assert.deepEqual(message(plant, 'g', from('g', 'a', 'n', 65), 65), ['ONLINE @0#2 at 65']);
});

test('of a cylinder that moved, the gateway of its last sample decides', () => {
  const plant = createPlant();
  message(plant, 'g', from('g', 'a', 'n', 0), 0);
  message(plant, 'h', from('h', 'a', 'n', 1), 1);
  keepSpeaking(plant, 'g', 'b', 2, 62);
  assert.deepEqual(tick(plant, 61), ['OFFLINE @1#1 at 61']);
  assert.equal(plant.cylinders.get('a')?.liveness?.offline, null);
});

test('a gateway all of whose cylinders are in maintenance is excused until that is over', () => {
  const plant = createPlant();
  message(plant, 'g', from('g', 'a', 'n', 0), 0);
  message(plant, 'h', from('h', 'b', 'n', 0), 0);
  takeCommand(plant, 'a', { type: 'maintenance', by: 'ana', reason: 'x', until: at(100) }, at(1), policyOf);
  assert.deepEqual(tick(plant, 60), ['OFFLINE @0#1 at 60']);
  assert.equal(plant.gateways.get('g')?.offline, null);
  assert.deepEqual(tick(plant, 100), ['OFFLINE @0#1 at 100']);
});

test('a sweep evaluates what is left before it looks for silence', () => {
  const plant = createPlant();
  message(plant, 'g', from('g', 'a', 'AAA', 0), 2);
  assert.deepEqual(tick(plant, 62), [
    '2 NORMAL>ACTIVE @2 began 0',
    '2 advisory @2',
    'RAISED @2#1 advisory at 62',
    'OFFLINE @2#1 at 62',
  ]);
});

const NOT_READ = { reason: 'probability', detail: 'none', index: 0, t: at(5) } as const;

test('a message of which no sample was understood is one of its gateway, and nothing to its cylinder', () => {
  const plant = createPlant();
  message(plant, 'g', from('g', 'c', 'AA', 0), 1);
  const before = plant.cylinders.get('c');
  const heard = { gateway: 'g', samples: [], rejections: [{ ...NOT_READ, cylinder: 'c' }] };
  assert.deepEqual(takeMessage(plant, heard, at(60), policyOf), []);
  assert.equal(plant.cylinders.get('c'), before);
  assert.equal(plant.gateways.get('g')?.lastHeardAt, at(60));
});

test('a message of which nothing was understood makes no cylinder known', () => {
  const plant = createPlant();
  takeMessage(
    plant,
    { gateway: 'g', samples: [], rejections: [{ ...NOT_READ, cylinder: 'z' }] },
    at(1),
    policyOf,
  );
  assert.equal(plant.cylinders.has('z'), false);
});

test('a gateway that comes and goes is not told as each of its cylinders', () => {
  const plant = createPlant();
  message(plant, 'g', [...from('g', 'a', 'n', 0), ...from('g', 'b', 'n', 0)], 0);
  message(plant, 'h', from('h', 'z', 'n', 0), 0);
  keepSpeaking(plant, 'h', 'z', 1, 60);
  assert.deepEqual(tick(plant, 60), ['OFFLINE @0#1 at 60']);
});

test('a cylinder that is heard in vain is told UNWATCHED after all that is told of what is heard', () => {
  const plant = createPlant();
  const ahead = (second: number) => message(plant, 'g', from('g', 'a', 'n', second + 9), second);
  message(plant, 'h', from('h', 'b', 'n', 0), 0);
  for (let second = 0; second <= 60; second += 10) ahead(second);
  assert.deepEqual(tick(plant, 60), ['OFFLINE @0#1 at 60', 'UNWATCHED @0!1 at 60']);
  assert.deepEqual(message(plant, 'g', from('g', 'a', 'nnnnn', 57), 61), ['WATCHED @0!2 at 61']);
});
