import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Story, story } from '../../../test/fixture/alarm-story.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const NOTIFY_WARNING = { notifyFrom: 'warning' };
const shelve = (one: Story, until: number) =>
  one.order({ type: 'shelve', by: 'ana', reason: 'spare part on its way', until: at(until) });

test('while a shelf is in force nothing is told, and when it runs out the rest of the incident is', () => {
  const one = shelve(story(CALM).play('AAAA'), 9).forget();
  one.tick(5).play('AAAA').tick(9);
  assert.deepEqual(one.notices(), ['SHELF_EXPIRED @2#2 advisory at 9']);
  assert.equal(one.state().shelf, null);
  assert.deepEqual(one.tick(10).notices().length, 1);
});

test('an incident shelved before people were told of it is told as SHELF_EXPIRED, and RECOVERED after it', () => {
  const one = story({ ...CALM, historicalAfterMs: 2000 })
    .wait(20)
    .send('AAAA', { from: 0, received: 20 });
  one.order({ type: 'shelve', by: 'ana', reason: 'x', until: at(22) });
  one.tick(21).tick(22).wait(2).send('nnnnnn', { from: 4, received: 23 }).tick(24).tick(25);
  assert.deepEqual(one.notices(), ['SHELF_EXPIRED @2#1 advisory at 22', 'RECOVERED @2#2 advisory at 25']);
});

test('a shelf that runs out below notifyFrom tells nothing', () => {
  const one = shelve(story(NOTIFY_WARNING).play('AAAA'), 5).play('AA');
  assert.deepEqual([one.notices(), one.state().shelf], [[], null]);
});

test('a rise in severity ends the shelf at that slot', () => {
  const one = shelve(story().play('AAAA'), 50).forget().play('AAAAA');
  assert.deepEqual(one.notices(), ['ESCALATED @2#2 warning at 8']);
});

test('where it got worse before it was shelved, unknown to people, both are told when the shelf runs out', () => {
  const one = story().play('AAAA').forget().wait(100).send('AAAAAAA', { from: 4, received: 104 });
  shelve(one, 110).tick(109).tick(110);
  assert.deepEqual(one.notices(), ['ESCALATED @2#2 warning at 110', 'SHELF_EXPIRED @2#3 warning at 110']);
});
