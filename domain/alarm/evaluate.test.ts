import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, samplesOf, slotAt, story } from '../../test/fixture/alarm-story.ts';
import { evaluateTo, receive } from './evaluate.ts';

/** The last slot evaluated, in seconds of the story. */
const evaluated = (one: ReturnType<typeof story>): number | null => {
  const { evaluatedAt } = one.state();
  return evaluatedAt === null ? null : (evaluatedAt - at(0)) / 1000;
};

const WAITS: readonly (readonly [number, number])[] = [
  [1000, 9],
  [1001, 8],
  [2000, 8],
  [2001, 7],
  [9000, 1],
  [10_000, 0],
];
for (const [latenessMs, last] of WAITS) {
  test(`with ${latenessMs} ms for stragglers, slot ${last} is evaluated when second 10 is received`, () => {
    assert.equal(evaluated(story({ latenessMs }).play('nnnnnnnnnnn')), last);
  });
}

test('a slot that waits is not evaluated a slot too soon', () => {
  assert.equal(evaluated(story({ latenessMs: 11_000 }).play('nnnnnnnnnnn')), null);
});

test('a sample for an evaluated slot is late: counted, and without effect', () => {
  const one = story({ latenessMs: 2000 }).play('nnnnn');
  const before = one.state();
  one.send('A', { from: 2, received: 4 });
  assert.deepEqual(one.strays(), ['late 2']);
  const judging = { ...before.judging, unjudged: { ...before.judging.unjudged, late: 1 } };
  assert.deepEqual(one.state(), { ...before, judging, lateSamples: 1 });
  one.send('A', { from: 3, received: 4 });
  assert.deepEqual(one.strays(), ['late 2']);
});

test('evaluation begins at the lowest slot received by then; a sample for an earlier one is late', () => {
  const one = story({ latenessMs: 2000 })
    .send('n', { from: 5, received: 9 })
    .send('n', { from: 4, received: 9 });
  assert.equal(evaluated(one), null);
  one.send('n', { from: 6, received: 9 });
  assert.equal(evaluated(one), 4);
  one.send('n', { from: 3, received: 9 });
  assert.deepEqual(one.strays(), ['late 3']);
});

test('slots that nobody received are evaluated with the others, so that a sample for them is late', () => {
  const one = story().play('n').wait(5).play('n');
  assert.equal(evaluated(one), 5);
  assert.deepEqual(one.send('n', { from: 5, received: 7 }).strays(), ['late 5']);
});

test('samples are taken one at a time, in the order of the message: what is due after one is late for the next', () => {
  const [early, later] = [samplesOf('A', 4), samplesOf('A', 6)];
  const asSent = story().fold({
    kind: 'samples',
    receivedAt: at(9),
    samples: [...early, ...later, ...early],
  });
  assert.deepEqual(asSent.strays(), ['late 4']);
  const turned = story().fold({ kind: 'samples', receivedAt: at(9), samples: [...later, ...early] });
  assert.deepEqual([turned.strays(), turned.state().pendingSteps.length], [[], 1]);
});

test('a slot is abnormal once any sample of it was, in whatever order and however often they come', () => {
  for (const letters of ['An', 'nA', 'AnA', 'nAn']) {
    const one = story({ latenessMs: 5000 });
    for (let second = 0; second < 8; second += 1)
      for (const letter of letters) one.send(letter, { from: second, received: second });
    assert.deepEqual(one.transitions(), ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2']);
    assert.equal(one.state().pendingSteps.length, 5);
  }
});

test('slots wait in ascending order, each once, as the steps from one to the next', () => {
  const context = story().context();
  for (const second of [5, 3, 9, 3, 4, 9, 5]) receive(context, slotAt(second), second === 3, true);
  assert.deepEqual(context.state.pendingSteps, [slotAt(3) * 8 + 3, 7, 8, 32]);
  assert.equal(context.state.highestSlot, slotAt(9));
});

test('a mark that a slot gets leaves the slots after it as they are, and so does evaluating those before', () => {
  const context = story().context();
  for (const second of [3, 4, 9, 10]) receive(context, slotAt(second), false, true);
  receive(context, slotAt(4), true, true);
  assert.deepEqual(context.state.pendingSteps, [slotAt(3) * 8 + 2, 9, 39, 8]);
  evaluateTo(context, slotAt(3));
  assert.deepEqual(context.state.pendingSteps, [slotAt(4) * 8 + 3, 39, 8]);
  evaluateTo(context, slotAt(9));
  assert.deepEqual(context.state.pendingSteps, [slotAt(10) * 8 + 2]);
});

test('neither the abnormal nor the running mark of a slot is ever taken back', () => {
  const context = story().context();
  const slot = slotAt(1);
  receive(context, slot, false, false);
  assert.deepEqual(context.state.pendingSteps, [slot * 8]);
  receive(context, slot, true, false);
  assert.deepEqual(context.state.pendingSteps, [slot * 8 + 1]);
  receive(context, slot, false, true);
  receive(context, slot, false, false);
  assert.deepEqual(context.state.pendingSteps, [slot * 8 + 3]);
});

test('all that is left is evaluated at a tick once the cylinder was silent for staleAfterMs, not sooner', () => {
  assert.equal(evaluated(story().play('AAA').tick(31.999)), 1);
  const one = story().play('AAA').tick(32);
  assert.equal(evaluated(one), 2);
  assert.deepEqual(one.notices(), ['RAISED @2#1 advisory at 32']);
});

test('all that is left is evaluated before the samples of the next message too', () => {
  const one = story().play('AAA').send('A', { from: 2, received: 32 });
  assert.deepEqual(one.strays(), ['late 2']);
  const sooner = story().play('AAA').send('A', { from: 2, received: 31.999 });
  assert.deepEqual(sooner.strays(), []);
});

test('late and repeated samples are samples: a cylinder that sends them is not silent', () => {
  const one = story().play('AAA').send('A', { from: 0, received: 20 }).tick(49.999);
  assert.equal(evaluated(one), 1);
  assert.equal(evaluated(one.tick(50)), 2);
});

test('a quarantined sample is no sign of life', () => {
  const one = story().play('AAA').send('A', { from: 99, received: 20 }).tick(32);
  assert.equal(evaluated(one), 2);
});

test('a silence without a sample before it evaluates nothing', () => {
  assert.equal(evaluated(story().tick(500)), null);
});

test('evaluating up to a slot moves the window there, received or not, and never back', () => {
  const context = story().play('AAA').context();
  evaluateTo(context, slotAt(30));
  assert.deepEqual([context.state.evaluatedAt, context.state.window.end], [at(30), slotAt(30)]);
  assert.deepEqual([context.state.pendingSteps, context.state.receivedSlot], [[], slotAt(2)]);
  evaluateTo(context, slotAt(20));
  assert.equal(context.state.evaluatedAt, at(30));
});

test('every slot evaluated since the last tick is counted, received or not', () => {
  const one = story().play('nnnn').wait(4).play('n');
  assert.equal(one.state().evaluatedMsSinceTick, 8000);
  one.tick();
  assert.equal(one.state().evaluatedMsSinceTick, 0);
  one.play('n');
  assert.equal(one.state().evaluatedMsSinceTick, 1000);
});

test('a wider window is in force from the next slot, and what had left the old one stays gone', () => {
  const one = story({ minCoverage: 0 }).play('AAAAAAA').forget();
  one.under({ windowMs: 10_000 }).play('n');
  assert.deepEqual([one.state().window.size, one.state().window.countedSlots], [10, 6]);
});

test('a narrower window is in force from the next slot', () => {
  const one = story().play('AAAnnn').forget().under({ windowMs: 2000 }).play('n');
  assert.deepEqual(one.transitions(), ['5 ACTIVE>CLEARING @2']);
  assert.equal(one.state().window.size, 2);
});

test('a change of the threshold leaves the marks that were set', () => {
  const one = story({ latenessMs: 3000 }).play('AAA').under({ threshold: 0.95 }).play('AAA');
  assert.deepEqual(one.transitions(), ['2 NORMAL>ACTIVE @2 began 0', '2 advisory @2']);
  assert.equal(one.play('A').state().window.abnormalSlots, 3);
});

test('a shorter wait for stragglers evaluates what is due at the next sample', () => {
  const one = story({ latenessMs: 8000 }).play('nnnnnn');
  assert.equal(evaluated(one), null);
  one.under({ latenessMs: 2000 }).tick();
  assert.equal(evaluated(one), null);
  one.send('n', { from: 5, received: 6 });
  assert.equal(evaluated(one), 3);
});

test('a slot older than historicalAfterMs is judged all the same, only told of later', () => {
  const one = story().wait(900).send('AAAA', { from: 0, received: 900 });
  assert.deepEqual([one.transitions().length, one.notices().length], [2, 0]);
  assert.equal(one.tick().notices().length, 1);
});
