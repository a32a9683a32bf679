import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, type Story, samplesOf, story } from '../../../test/fixture/alarm-story.ts';
import { saying } from '../../../test/fixture/alarm-words.ts';
import type { Policy } from '../policy/policy.ts';
import { UNWATCHED_CAUSES } from '../state/output.ts';
import { tickCylinder } from './cylinder-liveness.ts';
import { unwatchedDueAt } from './judging.ts';

// Stale after 30 s, offline and unwatched after 60 s; late after a second, ahead after five.
const policy: Policy = SHORT_POLICY;

/** What a tick tells of whether the cylinder is judged, all else ticked before. */
const ticked = (one: Story, second: number): readonly string[] =>
  tickCylinder('c', one.tick(second).state(), null, at(second), policy).outputs.map((output) =>
    output.kind === 'notice' && output.type === 'UNWATCHED'
      ? `${saying(output)} by ${output.cause}`
      : saying(output),
  );

/** One sample a second that is `offset` seconds from the receiver's clock. */
const heardOff = (one: Story, offset: number, from: number, to: number): Story => {
  for (let second = from; second < to; second += 1)
    one.send('n', { from: second + offset, received: second });
  return one;
};

test('a cylinder whose clock is ahead is UNWATCHED offlineAfterMs after it was heard first, not before', () => {
  assert.deepEqual(ticked(heardOff(story(), 9, 0, 60), 59.999), []);
  assert.deepEqual(ticked(heardOff(story(), 9, 0, 60), 60), ['UNWATCHED @0!1 at 60 by ahead']);
});

test('a cylinder that is judged is not UNWATCHED, for offlineAfterMs after the input that judged a slot', () => {
  // What was left of second 4 is evaluated at second 34, when it is stale.
  const judged = heardOff(story().play('nnnnn'), 9, 5, 93);
  assert.deepEqual(ticked(judged, 93.999), []);
  assert.deepEqual(ticked(judged, 94), ['UNWATCHED @34!1 at 94 by ahead']);
});

test('one that is heard no more is not UNWATCHED', () => {
  assert.deepEqual(ticked(heardOff(story(), 9, 0, 40), 68.999), ['UNWATCHED @0!1 at 68.999 by ahead']);
  assert.deepEqual(ticked(heardOff(story(), 9, 0, 40), 69), []);
});

test('one heard anew after a silence of offlineAfterMs has as long from then', () => {
  const one = heardOff(story().play('nnnnn').tick(40), 9, 64, 123);
  assert.deepEqual(ticked(one, 123.999), []);
  assert.deepEqual(ticked(one, 124), ['UNWATCHED @64!1 at 124 by ahead']);
  const sooner = heardOff(story().play('nnnnn').tick(40), 9, 63.999, 99);
  assert.deepEqual(ticked(sooner, 99.999), []);
  assert.deepEqual(ticked(sooner, 100), ['UNWATCHED @40!1 at 100 by ahead']);
});

test('in maintenance nobody is told, and after it when that has lasted as long', () => {
  const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(30) };
  const one = heardOff(story().order(command, 0), 9, 0, 89);
  assert.deepEqual([ticked(one, 89.999), ticked(one, 90)], [[], ['UNWATCHED @0!1 at 90 by ahead']]);
  const longer = heardOff(story().order({ ...command, until: at(100) }, 0), 9, 0, 99);
  assert.deepEqual(ticked(longer, 99.999), []);
});

test('what was never heard is not UNWATCHED', () => {
  assert.deepEqual(ticked(story().order({ type: 'ack', by: 'ana' }, 0), 500), []);
});

const unjudged = (one: Story) => UNWATCHED_CAUSES.map((cause) => one.state().judging.unjudged[cause]);

test('every sample ahead or late is counted, and every received slot that is evaluated and not judged', () => {
  // The window is covered from the third slot on.
  assert.deepEqual(unjudged(story().play('nnn')), [0, 0, 2, 0]);
  assert.deepEqual(unjudged(story().play('n----------n----------n')), [0, 0, 2, 0]);
  assert.deepEqual(unjudged(story({ warmUpMs: 9000 }).play('nnn')), [0, 0, 0, 2]);
  const astray = story()
    .wait(20)
    .send('n', { from: 20, received: 20 })
    .send('nnn', { from: 28, received: 20 });
  assert.deepEqual(unjudged(astray), [3, 0, 0, 0]);
  astray.send('nn', { from: 24, received: 24 }).send('nn', { from: 2, received: 24 });
  assert.deepEqual(unjudged(astray), [3, 2, 2, 0]);
});

test('a judged slot begins the count anew, an idle one too', () => {
  assert.deepEqual(unjudged(story().play('nnnn')), [0, 0, 0, 0]);
  const idle = { idle: { sensor: 'wRMSCurrent', below: 1 }, minCoverage: 1 } as const;
  assert.deepEqual(unjudged(story(idle).play('nni')), [0, 0, 2, 0]);
  assert.deepEqual(unjudged(story(idle).play('nnin')), [0, 0, 0, 0]);
  assert.equal(story(idle).play('nnin').state().judging.judgedAt, at(3));
});

test('maintenance in force counts nothing, its command begins anew, and a slot in it is coverage', () => {
  const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(5) };
  const one = story({ warmUpMs: 9000 }).play('nnn').order(command, 3);
  assert.deepEqual(unjudged(one), [0, 0, 0, 0]);
  one.wait(-0).play('nn');
  assert.deepEqual(unjudged(one), [0, 0, 0, 0]);
  one.play('nn');
  assert.deepEqual(unjudged(one), [0, 0, 1, 1]);
});

test('the most frequent cause is told, the first of them at a tie, coverage where nothing was counted', () => {
  const causeOf = (counts: Partial<Record<(typeof UNWATCHED_CAUSES)[number], number>>) => {
    const state = heardOff(story(), 0, 0, 60).state();
    const judging = { ...state.judging, judgedAt: null, unjudged: { ...state.judging.unjudged, ...counts } };
    const { outputs } = tickCylinder('c', { ...state, judging }, null, at(60), policy);
    return outputs.map((output) =>
      output.kind === 'notice' && output.type === 'UNWATCHED' ? output.cause : null,
    );
  };
  assert.deepEqual(causeOf({}), ['coverage']);
  assert.deepEqual(causeOf({ 'warm-up': 1 }), ['warm-up']);
  assert.deepEqual(causeOf({ coverage: 2, 'warm-up': 2 }), ['coverage']);
  assert.deepEqual(causeOf({ late: 3, coverage: 3, 'warm-up': 2 }), ['late']);
  assert.deepEqual(causeOf({ ahead: 3, late: 3 }), ['ahead']);
  assert.deepEqual(causeOf({ ahead: 2, late: 3, coverage: 1 }), ['late']);
});

test('WATCHED is told once at the input that judges a slot, before what that slot tells, by the gateway of UNWATCHED', () => {
  const one = heardOff(story(), 9, 0, 61).tick(60);
  const { state } = tickCylinder('c', one.state(), null, at(60), policy);
  assert.deepEqual(state.judging.unwatched, { since: at(0), gateway: 'g', cause: 'ahead' });
  assert.deepEqual(tickCylinder('c', state, null, at(61), policy), { state, outputs: [] });
  const moved = samplesOf('AAAA', 61).map((sample) => ({ ...sample, gateway: 'h' }));
  const back = one
    .resume(state)
    .forget()
    .fold({ kind: 'samples', receivedAt: at(64), samples: moved });
  assert.deepEqual(back.notices(), ['WATCHED @0!2 at 64', 'RAISED @63#1 advisory at 64']);
  assert.equal(back.state().judging.unwatched, null);
  assert.deepEqual(back.play('nn').notices().length, 2);
});

test('WATCHED waits for no queue and no shelf', () => {
  const one = heardOff(story(), 9, 0, 61).tick(60);
  const { state } = tickCylinder('c', one.state(), null, at(60), policy);
  const back = one.resume(state).forget().send('nnnn', { from: 62, received: 900 });
  assert.deepEqual(back.notices(), ['WATCHED @0!2 at 900']);
});

test('it is due when it would be told, and not while it is told already or nothing was heard', () => {
  const one = heardOff(story(), 9, 0, 10);
  assert.equal(unwatchedDueAt(one.state(), policy), at(60));
  const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(30) };
  assert.equal(unwatchedDueAt(one.order(command, 10).state(), policy), at(90));
  assert.equal(unwatchedDueAt(story().state(), policy), null);
  const told = { ...one.state().judging, unwatched: { since: 0, gateway: 'g', cause: 'ahead' as const } };
  assert.equal(unwatchedDueAt({ ...one.state(), judging: told }, policy), null);
});

test('the latest time of an input that judged a slot is kept, whatever the clock says after it', () => {
  const one = story().play('nnnnn');
  assert.equal(one.state().judging.judgedAt, at(4));
  one.send('n', { from: 5, received: 3 });
  assert.equal(one.state().judging.judgedAt, at(4));
  one.send('n', { from: 6, received: 9 });
  assert.equal(one.state().judging.judgedAt, at(9));
});

test('what was counted before a slot is judged at the same time as the last is forgotten', () => {
  const one = story().play('nnnnn').send('n', { from: 30, received: 4 });
  assert.deepEqual(unjudged(one), [1, 0, 0, 0]);
  one.send('n', { from: 5, received: 4 });
  assert.deepEqual(unjudged(one), [0, 0, 0, 0]);
});
