import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, story } from '../../../test/fixture/alarm-story.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };

const FLAP = 'AAAnnnn';

test('flapping is told once, and quiet returns late (Prometheus #6816)', () => {
  const one = story(CALM).play(FLAP.repeat(7)).play('nnnnnnnnnnnnnnnnnn');
  assert.deepEqual(one.notices(), [
    'RAISED @2#1 advisory at 3',
    'RECOVERED @2#2 advisory at 7',
    'REOPENED @2#3 advisory at 10',
    'RECOVERED @2#4 advisory at 14',
    'REOPENED @2#5 advisory at 17',
    'RECOVERED @2#6 advisory at 21',
    'FLAPPING @2#7 advisory at 24',
    'RECOVERED @2#8 advisory at 59',
  ]);
});

test('after FLAPPING people wait for a received slot reopenWithinMs or more after the clearing', () => {
  const flapping = () => story(CALM).play(FLAP.repeat(4)).forget();
  assert.deepEqual(flapping().play('nnnnnnnnnn').notices(), []);
  assert.deepEqual(flapping().play('nnnnnnnnnnn').notices(), ['RECOVERED @2#8 advisory at 38']);
  assert.deepEqual(flapping().wait(500).tick().notices(), []);
});

test('after FLAPPING a closed incident has recovered as soon as it is quiet', () => {
  const one = story(CALM).play(FLAP.repeat(4)).play('n').forget();
  one.order({ type: 'close', by: 'ana', outcome: 'sensor' });
  assert.deepEqual(one.notices(), ['RECOVERED @2#8 advisory at 29']);
});

test('after FLAPPING maintenance ends the wait', () => {
  const one = story(CALM).play(FLAP.repeat(4)).play('n').forget();
  one.order({ type: 'maintenance', by: 'ana', reason: 'x', until: at(90) });
  assert.deepEqual(one.notices(), ['RECOVERED @2#8 advisory at 29']);
});

test('after FLAPPING another incident ends the wait: told RECOVERED for the one and RAISED for the other', () => {
  const one = story({ ...CALM, historicalAfterMs: 1000 })
    .play(FLAP.repeat(4))
    .forget();
  one
    .wait(900)
    .send(`${'n'.repeat(20)}AAAA`, { from: 28, received: 928 })
    .tick()
    .tick();
  assert.deepEqual(one.notices(), ['RECOVERED @2#8 advisory at 928', 'RAISED @50#1 advisory at 928']);
});

// The reopenings are 7 s apart: 9, 16 and 23.
const WITHIN: readonly (readonly [number, string])[] = [
  [14_000, 'FLAPPING'],
  [13_999, 'REOPENED'],
];
for (const [withinMs, type] of WITHIN) {
  test(`three reopenings in 14 s are ${type} within ${withinMs} ms`, () => {
    const one = story({ ...CALM, flapping: { reopenings: 3, withinMs } })
      .play(`${FLAP.repeat(3)}A`)
      .forget();
    assert.deepEqual(one.play('AAA').notices(), [`${type} @2#7 advisory at 24`]);
  });
}

test('the flapping of a day is told by the default policy, reopenings an hour apart included', () => {
  const one = story({
    ...CALM,
    reopenWithinMs: 7_200_000,
    flapping: { reopenings: 3, withinMs: 86_400_000 },
  });
  for (const _ of [1, 2, 3, 4]) one.play('AAAAnnnn').play('nnn').wait(3590);
  assert.match(one.notices().at(-1) ?? '', /^FLAPPING @2#7/);
});

test('ESCALATED during flapping does not bring the quiet back early', () => {
  const levels = [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 1000 },
    { severity: 'warning', afterMs: 17_000, clearHoldMs: 1000 },
  ];
  const one = story({ levels }).play(FLAP.repeat(4)).forget().play('AAAAAAA').play('nnnnn');
  assert.deepEqual(one.notices(), ['ESCALATED @2#8 warning at 31']);
  assert.deepEqual(one.play('nnnnnnnnnn').notices(), [
    'ESCALATED @2#8 warning at 31',
    'RECOVERED @2#9 warning at 49',
  ]);
});
