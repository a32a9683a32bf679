import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, story } from '../../../test/fixture/alarm-story.ts';

/** Every blip of a second is an incident of its own. */
const NERVOUS = {
  windowMs: 1000,
  minCoverage: 0,
  reopenWithinMs: 0,
  historicalAfterMs: 5000,
  levels: [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 0 },
    { severity: 'warning', afterMs: 3000, clearHoldMs: 0 },
  ],
};

/** All of a pattern that began at second 0, received in one message when all of it is history. */
const drained = (pattern: string, changes: Parameters<typeof story>[0] = {}) => {
  const received = pattern.length + 1000;
  return story({ ...NERVOUS, ...changes })
    .wait(received)
    .send(pattern, { from: 0, received });
};

test('what came and went in a queue is told once, named after the last, when the queue is through', () => {
  const one = drained('AnnAnnnnnnn');
  assert.deepEqual(one.notices(), []);
  one.tick().tick();
  assert.deepEqual(one.notices(), ['OCCURRED @3#1 advisory of @0 @3 = 2 at 1011']);
  assert.equal(one.state().incident?.notices, 1);
  assert.equal(one.state().unnotified, null);
});

test('the last sixteen are named, and all are counted', () => {
  const named = Array.from({ length: 16 }, (_, index) => `@${8 + index * 2}`).join(' ');
  const one = drained(`${'An'.repeat(20)}nn`)
    .tick()
    .tick();
  assert.deepEqual(one.notices(), [`OCCURRED @38#1 advisory of ${named} = 20 at 1042`]);
});

test('sixteen are all named', () => {
  const named = Array.from({ length: 16 }, (_, index) => `@${index * 2}`).join(' ');
  assert.deepEqual(
    drained(`${'An'.repeat(16)}nn`)
      .tick()
      .tick()
      .notices(),
    [`OCCURRED @30#1 advisory of ${named} = 16 at 1034`],
  );
});

test('an incident below what people are told of is not missed', () => {
  const one = drained('AnnAAAnnnnnn', { notifyFrom: 'warning' }).tick().tick();
  assert.deepEqual(one.notices(), ['OCCURRED @3#1 warning of @3 = 1 at 1012']);
});

test('one that was shelved as it cleared is not missed, and it would be without the shelf', () => {
  const raised = () => story(NERVOUS).wait(18).send('AAAA', { from: 0, received: 18 });
  const told = raised().send('nnnn', { from: 4, received: 19 }).tick(20).tick(40);
  assert.deepEqual(told.notices(), ['OCCURRED @0#1 warning of @0 = 1 at 40']);
  const shelved = raised().order({ type: 'shelve', by: 'ana', reason: 'x', until: at(30) });
  assert.deepEqual(shelved.send('nnnn', { from: 4, received: 19 }).tick(20).tick(40).notices(), []);
});

test('one that cleared after its shelf had run out was not shelved any more', () => {
  const one = story({ ...NERVOUS, notifyFrom: 'warning' });
  one.play('AAA').order({ type: 'shelve', by: 'ana', reason: 'x', until: at(4) });
  one.send('AAn', { from: 3, received: 500 }).send('nnnnnnn', { from: 6, received: 500 }).tick(500).tick(500);
  assert.deepEqual(one.notices(), ['OCCURRED @0#1 warning of @0 = 1 at 500']);
});

test('an untold incident that is raised again has not been missed', () => {
  const one = drained('AnnAnnAAAAAAA', { reopenWithinMs: 3001 });
  assert.equal(one.state().unnotified, null);
  assert.deepEqual(one.tick().tick().notices(), ['RAISED @0#1 warning at 1013']);
});

test('raised again, it is taken off those missed before it, which stay', () => {
  const one = drained('AnnnnnAnAn', { reopenWithinMs: 3000 });
  assert.deepEqual(one.state().unnotified, {
    newest: [[at(0), 'advisory', 0]],
    count: 1,
  });
  assert.deepEqual(one.tick().tick().notices(), [
    'OCCURRED @0#1 advisory of @0 = 1 at 1010',
    'RAISED @6#1 advisory at 1010',
  ]);
});

test('a missed incident that had been told of before goes on counting its notices', () => {
  const one = story({ ...NERVOUS, reopenWithinMs: 2000 }).play('Annn');
  assert.deepEqual(one.notices(), ['RAISED @0#1 advisory at 1', 'RECOVERED @0#2 advisory at 2']);
  const again = story({ ...NERVOUS, reopenWithinMs: 9000 })
    .play('Annn')
    .forget();
  again
    .send(`Ann${'n'.repeat(8)}`, { from: 4, received: 900 })
    .tick(900)
    .tick(900);
  assert.deepEqual(again.notices(), ['OCCURRED @0#3 advisory of @0 = 1 at 900']);
});

test('what was missed waits until people know of the end of what they were told before', () => {
  const one = story({ ...NERVOUS })
    .play('AAAA')
    .forget();
  one
    .send(`AnAnAn${'n'.repeat(8)}`, { from: 4, received: 900 })
    .tick(900)
    .tick(900);
  assert.deepEqual(one.notices(), [
    'RECOVERED @0#3 warning at 900',
    'OCCURRED @8#1 advisory of @6 @8 = 2 at 900',
  ]);
});

test('one that cleared as its shelf ran out, or later, is missed', () => {
  const levels = [{ severity: 'advisory', afterMs: 0, clearHoldMs: 0 }];
  for (const second of [25, 26]) {
    const one = story({ ...NERVOUS, levels })
      .wait(18)
      .send('AAAA', { from: 0, received: 18 });
    one.order({ type: 'shelve', by: 'ana', reason: 'x', until: at(25) });
    one.send('nnnn', { from: 4, received: second }).tick(40).tick(40);
    assert.deepEqual(one.notices(), ['OCCURRED @0#1 advisory of @0 = 1 at 40']);
  }
});

test('no more is remembered than is named, and the one that may yet come back', () => {
  assert.equal(drained(`${'An'.repeat(30)}nn`).state().unnotified?.newest.length, 17);
});

test('an incident that comes back and was not missed takes none of those missed off', () => {
  const one = drained('AAAnnnnAnAnnnnnn', { notifyFrom: 'warning', reopenWithinMs: 3000 });
  assert.deepEqual(one.tick().tick().notices(), ['OCCURRED @0#1 warning of @0 = 1 at 1016']);
});

test('of three missed the last that comes back leaves two', () => {
  const one = drained('AnnnnnAnnnnnAnAn', { reopenWithinMs: 3000 });
  assert.deepEqual(
    [one.state().unnotified?.count, one.state().unnotified?.newest.map(([raisedAt]) => raisedAt)],
    [2, [at(0), at(6)]],
  );
});
