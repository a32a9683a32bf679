import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Story, story } from '../../test/fixture/alarm-story.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const SLOWER = { samplePeriodMs: 2000, windowMs: 10_000, latenessMs: 2000 };
const shelve = (one: Story, until: number) =>
  one.order({ type: 'shelve', by: 'ana', reason: 'x', until: at(until) });

test('under a new period what was told is told RECOVERED then and there, the condition is NORMAL by policy', () => {
  const one = story().play('AAAA').forget().under(SLOWER).tick(9);
  assert.deepEqual(one.transitions(), ['9 ACTIVE>NORMAL @2 by policy']);
  assert.deepEqual(one.notices(), ['RECOVERED @2#2 advisory at 9']);
  const { incident, notified, window, pendingSteps, runningSlots, receivedSlot, highestSlot } = one.state();
  assert.deepEqual([incident?.endedAt, incident?.endedBy, incident?.final], [at(9), 'policy', true]);
  assert.deepEqual(
    [notified, pendingSteps, runningSlots, receivedSlot, highestSlot],
    [null, [], 0, null, null],
  );
  assert.deepEqual([window.size, window.countedSlots, window.end], [5, 0, null]);
});

test('a message and a command begin it as a tick does, before anything else of them', () => {
  const message = story().play('AAAA').forget().under(SLOWER).send('A', { from: 4, received: 4 });
  assert.deepEqual(message.notices(), ['RECOVERED @2#2 advisory at 4']);
  const command = story().play('AAAA').forget().under(SLOWER).order({ type: 'dance' }, 5);
  assert.deepEqual(
    [command.notices(), command.refusals()],
    [['RECOVERED @2#2 advisory at 5'], ['dance: unknown at 5']],
  );
  const shelved = story().play('AAAA').under(SLOWER);
  assert.deepEqual(shelve(shelved, 50).refusals(), ['shelve: no incident at 4']);
});

test('a suspect cylinder becomes NORMAL by policy, of no incident, and a normal one says nothing', () => {
  assert.deepEqual(story().play('nnnAAn').forget().under(SLOWER).tick(7).transitions(), [
    '7 SUSPECT>NORMAL by policy',
  ]);
  assert.deepEqual(story().play('nnnn').under(SLOWER).tick(7).transitions(), []);
});

test('under the same period nothing of that happens', () => {
  const one = story().play('AAAA').forget().under({ windowMs: 10_000 }).tick(5);
  assert.deepEqual([one.transitions(), one.notices()], [[], []]);
});

test('what people were not told of is dropped: an open incident, what occurred, slots not evaluated', () => {
  const untold = story({ notifyFrom: 'warning' }).play('AAAA').under(SLOWER).tick(5);
  assert.deepEqual(untold.notices(), []);
  const occurred = story({ ...CALM, historicalAfterMs: 1000 })
    .wait(900)
    .send('AAAnnnnnnn', { from: 0, received: 900 });
  assert.equal(occurred.state().unnotified?.count, 1);
  occurred.under(SLOWER).tick(901).tick(902);
  assert.deepEqual([occurred.notices(), occurred.state().unnotified], [[], null]);
  const pending = story({ latenessMs: 5000 }).play('AAAA').under(SLOWER).tick(5);
  assert.deepEqual([pending.state().pendingSteps, pending.transitions()], [[], []]);
});

test('a shelf ends and so does the wait after FLAPPING', () => {
  const one = shelve(story().play('AAAA'), 90).forget().under(SLOWER).tick(5);
  assert.deepEqual([one.notices(), one.state().shelf], [['RECOVERED @2#2 advisory at 5'], null]);
  const flapping = story({ ...CALM, flapping: { reopenings: 1, withinMs: 100_000 } })
    .play('AAAnnnnAAAAnnnnnnn')
    .forget();
  assert.deepEqual([flapping.state().condition, flapping.state().notified?.flapping], ['NORMAL', true]);
  assert.deepEqual(flapping.under(SLOWER).tick(19).notices(), ['RECOVERED @2#4 advisory at 19']);
});

test('an incident that another took the place of is told RECOVERED too', () => {
  const one = story({ ...CALM, reopenWithinMs: 0, historicalAfterMs: 1000 })
    .play('AAAA')
    .forget()
    .wait(900)
    .send('nnnnnnnnAAAA', { from: 4, received: 904 });
  assert.notEqual(one.state().superseded, null);
  assert.deepEqual(one.under(SLOWER).tick(905).notices(), ['RECOVERED @2#2 advisory at 905']);
});

test('evaluation goes on after the last slot: what starts no later is late, whatever its length', () => {
  const one = story().play('nnnnnn').forget().under(SLOWER);
  assert.equal(one.state().evaluatedAt, at(4));
  one.send('n', { from: 5, received: 6 }).send('n', { from: 6, received: 6 });
  assert.deepEqual(one.strays(), ['late 5']);
  const coarse = { samplePeriodMs: 3000, windowMs: 9000, latenessMs: 3000 };
  const twice = story().play('nnnnnn').forget().under(coarse).tick(6).under(SLOWER);
  twice.send('n', { from: 5, received: 7 }).send('n', { from: 6, received: 7 });
  assert.deepEqual(twice.strays(), ['late 5']);
});

test('the latest incident can still be acknowledged and closed, and is not reopened', () => {
  const one = story().play('AAAA').under(SLOWER).tick(5);
  one.order({ type: 'ack', by: 'ana' }, 6).order({ type: 'close', by: 'ana', outcome: 'sensor' }, 6);
  assert.deepEqual([one.state().incident?.acknowledgedBy, one.state().incident?.closing?.by], ['ana', 'ana']);
  one.forget();
  for (let second = 6; second < 30; second += 2) one.send('A', { from: second, received: second });
  assert.match(one.transitions()[0] ?? '', /^10 NORMAL>ACTIVE @10/);
  assert.match(one.notices()[0] ?? '', /^RAISED @10#1/);
});

test('maintenance, the newest commands, and what is known of being heard stay', () => {
  const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(90) };
  const one = story().play('nnnn').order(command);
  const { maintenance, commandAt, lastSeenAt, liveness, judging, gateway } = one.state();
  const after = one.under(SLOWER).tick(5).state();
  assert.deepEqual(
    [after.maintenance, after.commandAt, after.lastSeenAt, after.liveness, after.judging, after.gateway],
    [maintenance, commandAt, lastSeenAt, liveness, judging, gateway],
  );
});

test('slots of another length are counted by their length as long as a queue is being emptied', () => {
  const one = story({ historicalAfterMs: 5000 }).wait(900).send('nnnnn', { from: 0, received: 900 });
  assert.equal(one.state().evaluatedMsSinceTick, 4000);
  one.under(SLOWER);
  for (const from of [6, 8]) one.send('n', { from, received: 900 });
  assert.equal(one.state().evaluatedMsSinceTick, 4000 + 4000);
});
