import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, story } from '../../../test/fixture/alarm-story.ts';
import type { CylinderState } from '../state/state.ts';
import {
  checkCylinder,
  checkGateway,
  type GatewayState,
  isInMaintenance,
  recordHeartbeat,
} from './liveness.ts';

// Stale after 30 s, offline after 60 s.
const policy = SHORT_POLICY;

const heard = (...seconds: readonly number[]): GatewayState => {
  let state: GatewayState | null = null;
  for (const second of seconds) state = recordHeartbeat('g', state, at(second), policy).state;
  if (state === null) throw new Error('a gateway that was never heard has no state');
  return state;
};

const cylinder = (changes: Partial<CylinderState> = {}): CylinderState => ({
  ...story().play('n').state(),
  ...changes,
});
const inMaintenance = (second: number) =>
  cylinder({ maintenance: { until: at(second), by: 'ana', reason: 'x' } });

test('a gateway first heard has spoken since then', () => {
  assert.deepEqual(recordHeartbeat('g', null, at(5), policy), {
    state: { lastHeardAt: at(5), speakingSince: at(5), offlineSince: null },
    outputs: [],
  });
});

test('a gateway speaks on until a pause of staleAfterMs', () => {
  assert.deepEqual(heard(0, 29.999), { lastHeardAt: at(29.999), speakingSince: at(0), offlineSince: null });
  assert.deepEqual(heard(0, 30), { lastHeardAt: at(30), speakingSince: at(30), offlineSince: null });
});

test('a message received earlier than the last, or with it, changes nothing', () => {
  const state: GatewayState = { lastHeardAt: at(9), speakingSince: at(0), offlineSince: at(9) };
  for (const second of [9, 8, 0]) {
    const fold = recordHeartbeat('g', state, at(second), policy);
    assert.equal(fold.state, state);
    assert.deepEqual(fold.outputs, []);
  }
});

test('a gateway is OFFLINE after exactly offlineAfterMs, told once', () => {
  const before = checkGateway('g', heard(0), [], at(59.999), policy);
  assert.deepEqual([before.state, before.outputs], [heard(0), []]);
  const { state, outputs } = checkGateway('g', heard(0), [], at(60), policy);
  assert.deepEqual(outputs, [
    { kind: 'notice', gateway: 'g', id: `g@${at(0)}#1`, type: 'OFFLINE', at: at(60) },
  ]);
  assert.deepEqual(checkGateway('g', state, [], at(500), policy), { state, outputs: [] });
});

test('a gateway is ONLINE at its next message with a later receivedAt, answered once, named as its OFFLINE', () => {
  const { state } = checkGateway('g', heard(0), [], at(70), policy);
  const online = recordHeartbeat('g', state, at(1), policy);
  assert.deepEqual(online.outputs, [
    { kind: 'notice', gateway: 'g', id: `g@${at(0)}#2`, type: 'ONLINE', at: at(1) },
  ]);
  assert.deepEqual(recordHeartbeat('g', online.state, at(2), policy).outputs, []);
});

test('a gateway whose cylinders are all in maintenance is excused, one with another or with none is not', () => {
  const told = (cylinders: readonly CylinderState[]) =>
    checkGateway('g', heard(0), cylinders, at(60), policy).outputs.length;
  assert.equal(told([inMaintenance(61)]), 0);
  assert.equal(told([inMaintenance(61), inMaintenance(61)]), 0);
  assert.equal(told([inMaintenance(61), cylinder()]), 1);
  assert.equal(told([inMaintenance(60)]), 1);
  assert.equal(told([]), 1);
});

test('maintenance is in force until just before its end', () => {
  assert.equal(isInMaintenance(inMaintenance(60), at(60) - 1), true);
  assert.equal(isInMaintenance(inMaintenance(60), at(60)), false);
  assert.equal(isInMaintenance(cylinder(), at(0)), false);
});

const speaking = (from: number, to: number): GatewayState => ({
  lastHeardAt: at(to),
  speakingSince: at(from),
  offlineSince: null,
});

/** Whether a cylinder last seen at second 0 is told to be silent at a second. */
const silent = (gateway: GatewayState, second: number, changes: Partial<CylinderState> = {}): boolean =>
  checkCylinder('c', cylinder(changes), gateway, at(second), policy).outputs.length > 0;

const SILENT: readonly (readonly [string, boolean])[] = [
  ['its gateway spoke on for exactly offlineAfterMs', silent(speaking(-100, 60), 60)],
  ['its gateway was last heard just before staleAfterMs ago', silent(speaking(-100, 60), 89.999)],
  ['its gateway spoke since the very sample', silent(speaking(0, 60), 60)],
];
for (const [when, isSilent] of SILENT)
  test(`a cylinder is OFFLINE when ${when}`, () => assert.equal(isSilent, true));

const HEARD_OF: readonly (readonly [string, boolean])[] = [
  ['its gateway spoke on for less', silent(speaking(-100, 59.999), 80)],
  ['its gateway paused and spoke for less since', silent(speaking(1, 60), 60)],
  ['its gateway is stale itself', silent(speaking(-100, 60), 90)],
  ['it is in maintenance', silent(speaking(-100, 60), 60, inMaintenance(61))],
  ['it was told already', silent(speaking(-100, 60), 60, { silence: { lastSeenAt: at(0), gateway: 'g' } })],
  ['no sample of it was ever seen', silent(speaking(-100, 60), 60, { lastSeenAt: null })],
  ['its gateway is not known', silent(speaking(-100, 60), 60, { gateway: null })],
];
for (const [when, isSilent] of HEARD_OF) {
  test(`a cylinder is not OFFLINE when ${when}`, () => assert.equal(isSilent, false));
}

test('a cylinder whose maintenance is over is told like any other', () => {
  assert.equal(silent(speaking(-100, 60), 60, inMaintenance(60)), true);
});

test('the silence of a cylinder is told with its gateway, named after its last sample, and remembered', () => {
  const before = cylinder();
  const { state, outputs } = checkCylinder('c', before, speaking(-100, 60), at(61), policy);
  assert.deepEqual(outputs, [
    { kind: 'notice', cylinder: 'c', gateway: 'g', id: `g/c@${at(0)}#1`, type: 'OFFLINE', at: at(61) },
  ]);
  assert.deepEqual(state, { ...before, silence: { lastSeenAt: at(0), gateway: 'g' } });
  assert.deepEqual(checkCylinder('c', state, speaking(-100, 70), at(71), policy), { state, outputs: [] });
});

test('where nothing is told the state stays the very same', () => {
  const before = cylinder();
  assert.equal(checkCylinder('c', before, speaking(0, 1), at(1), policy).state, before);
});
