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

test('a shelf holds through clearing and raising again, and runs out over the incident as it is then', () => {
  const open = shelve(story(CALM).play('AAAA'), 16).forget();
  open.play('nnnnnAAAAA').tick(16);
  assert.deepEqual(open.notices(), ['SHELF_EXPIRED @2#2 advisory at 16']);
  const cleared = shelve(story(CALM).play('AAAA'), 11).forget().play('nnnnnn').tick(10).tick(11);
  assert.deepEqual(cleared.notices(), ['RECOVERED @2#2 advisory at 11']);
});

test('raised again after its shelf ran out it is told REOPENED', () => {
  const one = shelve(story(CALM).play('AAAA'), 10).forget().play('nnnnnn').tick(10).play('AAAAA');
  assert.deepEqual(one.notices(), ['RECOVERED @2#2 advisory at 10', 'REOPENED @2#3 advisory at 13']);
});

test('a shelf that ran out over a cleared incident nobody was told of is over, and no SHELF_EXPIRED later', () => {
  const one = story({ ...CALM, historicalAfterMs: 2000 })
    .wait(20)
    .send('AAAA', { from: 0, received: 20 });
  one.order({ type: 'shelve', by: 'ana', reason: 'x', until: at(24) }, 20);
  one.wait(2).send('nnnnnn', { from: 4, received: 22 }).tick(23).tick(24);
  assert.deepEqual([one.notices(), one.state().shelf], [[], null]);
  one.send('AAAA', { from: 10, received: 13 });
  assert.deepEqual(one.notices(), ['RAISED @2#1 advisory at 13']);
});

test('a shelf ends when its incident can no longer be reopened, and RECOVERED is told at that slot', () => {
  const one = shelve(story(CALM).play('AAAA'), 90).forget().play('nnnnn');
  assert.equal(one.state().incident?.clearedAt, at(7));
  one.play('nnnnnnnnn');
  assert.deepEqual([one.notices(), one.state().shelf === null], [[], false]);
  one.play('n');
  assert.deepEqual([one.notices(), one.state().shelf], [['RECOVERED @2#2 advisory at 18'], null]);
});

test('a slot that comes that late ends it though it does not count, and one not received does not', () => {
  const idle = { sensor: 'wRMSCurrent', below: 1 } as const;
  const one = shelve(story({ ...CALM, idle }).play('AAAA'), 90)
    .play('nnnn')
    .play('-----------');
  assert.notEqual(one.state().shelf, null);
  one.play('ii');
  assert.equal(one.state().shelf, null);
});

test('the incident after a shelved one is not shelved', () => {
  const one = shelve(story({ ...CALM, reopenWithinMs: 0 }).play('AAAA'), 90)
    .forget()
    .play('nnnnAAAA');
  assert.deepEqual(
    one.notices().map((notice) => notice.split(' ')[0]),
    ['RECOVERED', 'RAISED'],
  );
});

test('a shelf of an incident that was closed ends as it clears, or at the close where it had', () => {
  const close = (one: Story) => one.order({ type: 'close', by: 'ana', outcome: 'sensor' });
  const open = close(shelve(story(CALM).play('AAAA'), 90));
  assert.notEqual(open.state().shelf, null);
  assert.equal(open.forget().play('nnnnn').state().shelf, null);
  assert.deepEqual(open.notices(), ['RECOVERED @2#2 advisory at 8']);
  const cleared = shelve(story(CALM).play('AAAA'), 90).play('nnnnn').forget();
  assert.deepEqual(close(cleared).notices(), ['RECOVERED @2#2 advisory at 9']);
  assert.equal(cleared.state().shelf, null);
});

test('what cleared on a shelf that ends at that very clearing did not occur unseen', () => {
  const one = story({ ...CALM, reopenWithinMs: 0, historicalAfterMs: 2000 })
    .wait(20)
    .send('AAAA', { from: 0, received: 20 });
  one.order({ type: 'shelve', by: 'ana', reason: 'x', until: at(90) }, 20);
  one.send('nnnnnn', { from: 4, received: 21 });
  assert.deepEqual([one.state().shelf, one.state().unnotified], [null, null]);
});

test('unshelving while the incident is cleared tells RECOVERED at once', () => {
  const one = shelve(story(CALM).play('AAAA'), 90).forget().play('nnnnn');
  assert.deepEqual(one.notices(), []);
  one.order({ type: 'unshelve', by: 'ana' });
  assert.deepEqual(one.notices(), ['RECOVERED @2#2 advisory at 9']);
});

test('a rise after raising again ends the shelf at that slot', () => {
  const levels = [...CALM.levels, { severity: 'warning', afterMs: 6000, clearHoldMs: 1000 }];
  const one = shelve(story({ levels }).play('AAAA'), 90).forget().play('nnnnn').play('AAAAAAAAA');
  assert.deepEqual(
    one.notices().map((notice) => notice.split(' ')[0]),
    ['ESCALATED'],
  );
  assert.equal(one.state().shelf, null);
});
