import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, story } from '../../../test/fixture/alarm-story.ts';
import { saying } from '../../../test/fixture/alarm-words.ts';
import { isInMaintenance } from '../state/fold-context.ts';
import type { CylinderState } from '../state/state.ts';
import { type GatewayState, recordHeartbeat, tickGateway } from './liveness.ts';

// Stale after 30 s, offline after 60 s, back for good after 10 s, flapping within 100 s unless said.
const policy = { ...SHORT_POLICY, flapping: { reopenings: 3, withinMs: 200_000 } };

const heard = (...seconds: readonly number[]): GatewayState => {
  let state: GatewayState | null = null;
  for (const second of seconds) state = recordHeartbeat('g', state, at(second), policy).state;
  if (state === null) throw new Error('a gateway that was never heard has no state');
  return state;
};

/** What is told of a gateway heard (`h`) and ticked (`t`) at the seconds named. */
const told = (...events: readonly string[]): readonly string[] => {
  let state: GatewayState | null = null;
  return events.flatMap((event) => {
    const second = Number(event.slice(1));
    const known: GatewayState | null = state;
    if (event.startsWith('t') && known === null) return [];
    const fold =
      known !== null && event.startsWith('t')
        ? tickGateway('g', known, [], at(second), policy)
        : recordHeartbeat('g', known, at(second), policy);
    state = fold.state;
    return fold.outputs.map(saying);
  });
};

const cylinder = (changes: Partial<CylinderState> = {}): CylinderState => ({
  ...story().play('n').state(),
  ...changes,
});
const inMaintenance = (second: number) =>
  cylinder({ maintenance: { until: at(second), by: 'ana', reason: 'x' } });

test('a gateway first heard has been heard since then', () => {
  assert.deepEqual(recordHeartbeat('g', null, at(5), policy), {
    state: { lastHeardAt: at(5), heardSince: at(5), offline: null, offlineTimes: [] },
    outputs: [],
  });
});

test('a gateway is heard on until a pause of staleAfterMs', () => {
  assert.deepEqual([heard(0, 29.999).lastHeardAt, heard(0, 29.999).heardSince], [at(29.999), at(0)]);
  assert.deepEqual([heard(0, 30).lastHeardAt, heard(0, 30).heardSince], [at(30), at(30)]);
});

test('a message received earlier than the last, or with it, changes nothing', () => {
  const state: GatewayState = { ...heard(0, 9), offlineTimes: [at(3)] };
  for (const second of [9, 8, 0]) {
    const fold = recordHeartbeat('g', state, at(second), policy);
    assert.equal(fold.state, state);
    assert.deepEqual(fold.outputs, []);
  }
});

test('a gateway is OFFLINE after exactly offlineAfterMs, told once and named after its last message', () => {
  const before = tickGateway('g', heard(0), [], at(59.999), policy);
  assert.deepEqual([before.state, before.outputs], [heard(0), []]);
  const { state, outputs } = tickGateway('g', heard(0), [], at(60), policy);
  assert.deepEqual(outputs, [
    { kind: 'notice', gateway: 'g', id: `g@${at(0)}#1`, type: 'OFFLINE', at: at(60) },
  ]);
  assert.deepEqual(tickGateway('g', state, [], at(500), policy), { state, outputs: [] });
});

test('a gateway is ONLINE at its next message with a later receivedAt, answered once, named as its OFFLINE', () => {
  const { state } = tickGateway('g', heard(0), [], at(70), policy);
  assert.deepEqual(recordHeartbeat('g', state, at(0), policy).outputs, []);
  const online = recordHeartbeat('g', state, at(1), policy);
  assert.deepEqual(online.outputs, [
    { kind: 'notice', gateway: 'g', id: `g@${at(0)}#2`, type: 'ONLINE', at: at(1) },
  ]);
  assert.deepEqual(recordHeartbeat('g', online.state, at(2), policy).outputs, []);
});

test('a gateway whose cylinders are all in maintenance is excused, one with another or with none is not', () => {
  const notices = (cylinders: readonly CylinderState[]) =>
    tickGateway('g', heard(0), cylinders, at(60), policy).outputs.length;
  assert.equal(notices([inMaintenance(61)]), 0);
  assert.equal(notices([inMaintenance(61), inMaintenance(61)]), 0);
  assert.equal(notices([inMaintenance(61), cylinder()]), 1);
  assert.equal(notices([inMaintenance(60)]), 1);
  assert.equal(notices([]), 1);
});

test('maintenance is in force until just before its end', () => {
  assert.equal(isInMaintenance(inMaintenance(60), at(60) - 1), true);
  assert.equal(isInMaintenance(inMaintenance(60), at(60)), false);
  assert.equal(isInMaintenance(cylinder(), at(0)), false);
});

const TWICE = ['h0', 't60', 'h61', 't121', 'h122'];
const TOLD_TWICE = ['OFFLINE @0#1 at 60', 'ONLINE @0#2 at 61', 'OFFLINE @61#1 at 121', 'ONLINE @61#2 at 122'];

test('the third OFFLINE within flapping.withinMs is told as flapping, and its ONLINE waits for a tick', () => {
  assert.deepEqual(told(...TWICE, 't182', 'h183', 't184', 'h190', 't192', 'h193', 't194', 't195'), [
    ...TOLD_TWICE,
    'OFFLINE @122#1 flapping at 182',
    'ONLINE @122#2 at 194',
  ]);
});

test('flapping is measured to the OFFLINE two before, withinMs included', () => {
  assert.equal(told(...TWICE, 't260').at(-1), 'OFFLINE @122#1 flapping at 260');
  assert.equal(told(...TWICE, 't260.001').at(-1), 'OFFLINE @122#1 at 260.001');
});

test('while its ONLINE waits no other OFFLINE is told, and the wait begins again after each pause', () => {
  assert.deepEqual(
    told(...TWICE, 't182', 'h183', 'h190', 't250', 'h300', 't301', 'h309.999', 't310', 'h310', 't311').slice(
      4,
    ),
    ['OFFLINE @122#1 flapping at 182', 'ONLINE @122#2 at 311'],
  );
});

test('a tick that finds it silent again does not tell ONLINE', () => {
  assert.deepEqual(told(...TWICE, 't182', 'h183', 'h193', 't223').slice(5), []);
  assert.deepEqual(told(...TWICE, 't182', 'h183', 'h193', 't222.999').slice(5), ['ONLINE @122#2 at 222.999']);
});

test('a clock that was further ahead than tolerated is set right at a tick, what was named by it keeps its name', () => {
  const ahead = heard(0, 86_400);
  const tick = tickGateway('g', ahead, [], at(10), policy);
  assert.deepEqual([tick.state.lastHeardAt, tick.state.heardSince, tick.outputs], [at(10), at(10), []]);
  assert.deepEqual(tickGateway('g', tick.state, [], at(70), policy).outputs.map(saying), [
    'OFFLINE @10#1 at 70',
  ]);
});

test('a clock that was no further ahead than tolerated stays as it is', () => {
  const ahead = heard(15);
  assert.equal(tickGateway('g', ahead, [], at(10), policy).state, ahead);
  assert.equal(tickGateway('g', ahead, [], at(9.999), policy).state.lastHeardAt, at(9.999));
});
