import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, story } from '../../../test/fixture/alarm-story.ts';
import { saying } from '../../../test/fixture/alarm-words.ts';
import type { CylinderState, Liveness } from '../state/state.ts';
import { tickCylinder } from './cylinder-liveness.ts';

// Stale after 30 s, offline after 60 s; what is heard is judged here.
const policy = SHORT_POLICY;

const cylinder = (changes: Partial<CylinderState> = {}): CylinderState => ({
  ...story().play('n').state(),
  ...changes,
});
const inMaintenance = (second: number) => ({ maintenance: { until: at(second), by: 'ana', reason: 'x' } });

const speaking = (from: number, to: number): Liveness => ({
  lastHeardAt: at(to),
  heardSince: at(from),
  offline: null,
  offlineTimes: [],
});

/** Whether a cylinder last heard at second 0 is told to be silent at a second. */
const silent = (gateway: Liveness | null, second: number, changes: Partial<CylinderState> = {}): boolean =>
  tickCylinder('c', cylinder(changes), gateway, at(second), policy).outputs.length > 0;

const SILENT: readonly (readonly [string, boolean])[] = [
  ['its gateway spoke on for exactly offlineAfterMs', silent(speaking(-100, 60), 60)],
  ['its gateway was heard a moment ago', silent(speaking(-100, 60), 89.999)],
  ['its gateway has spoken since the very sample', silent(speaking(0, 60), 60)],
  ['its maintenance is over', silent(speaking(-100, 60), 60, inMaintenance(60))],
];
for (const [when, isSilent] of SILENT)
  test(`a cylinder is OFFLINE when ${when}`, () => assert.equal(isSilent, true));

const TOLD = { offline: { lastHeardAt: at(0), flapping: false, heardAgainAt: null } };

const HEARD_OF: readonly (readonly [string, boolean])[] = [
  ['its gateway spoke on for less', silent(speaking(-100, 59.999), 80)],
  ['its gateway paused and spoke for less since', silent(speaking(1, 60), 60)],
  ['its gateway is stale itself', silent(speaking(-100, 60), 90)],
  ['it is in maintenance', silent(speaking(-100, 60), 60, inMaintenance(61))],
  ['it was told already', silent(speaking(-100, 60), 60, { liveness: { ...speaking(0, 0), ...TOLD } })],
  ['no sample of it was ever received', silent(speaking(-100, 60), 60, { liveness: null })],
  ['its gateway is not known', silent(null, 60)],
  ['it was never heard through a gateway', silent(speaking(-100, 60), 60, { gateway: null })],
];
for (const [when, isSilent] of HEARD_OF) {
  test(`a cylinder is not OFFLINE when ${when}`, () => assert.equal(isSilent, false));
}

test('the silence of a cylinder is told with its gateway, named after its last sample, and remembered', () => {
  const before = cylinder();
  const { state, outputs } = tickCylinder('c', before, speaking(-100, 60), at(61), policy);
  assert.deepEqual(outputs, [
    { kind: 'notice', cylinder: 'c', gateway: 'g', id: `g/c@${at(0)}#1`, type: 'OFFLINE', at: at(61) },
  ]);
  const liveness = { ...speaking(0, 0), ...TOLD, offlineTimes: [at(61)] };
  assert.deepEqual(state, { ...before, liveness, offlineGateway: 'g' });
  assert.deepEqual(tickCylinder('c', state, speaking(-100, 70), at(71), policy), { state, outputs: [] });
});

test('where nothing is told the state stays the very same', () => {
  const before = cylinder();
  assert.equal(tickCylinder('c', before, speaking(0, 1), at(1), policy).state, before);
});

test('a cylinder that keeps coming and going is told as flapping, and ONLINE of it at a tick, under its gateway', () => {
  const flapping = { lastHeardAt: at(-99), flapping: true, heardAgainAt: at(0) };
  const liveness = { ...speaking(0, 10), offline: flapping, offlineTimes: [at(-200), at(-100)] };
  const waiting = cylinder({ liveness, gateway: 'h', offlineGateway: 'g' });
  const { state, outputs } = tickCylinder('c', waiting, speaking(-100, 10), at(11), policy);
  assert.deepEqual(outputs, [
    { kind: 'notice', cylinder: 'c', gateway: 'g', id: `g/c@${at(-99)}#2`, type: 'ONLINE', at: at(11) },
  ]);
  assert.deepEqual([state.liveness?.offline, state.offlineGateway], [null, null]);
  const again = cylinder({ liveness: { ...liveness, offline: null, heardSince: at(-500) } });
  const late = { ...policy, flapping: { reopenings: 3, withinMs: 270_000 } };
  assert.deepEqual(tickCylinder('c', again, speaking(-100, 70), at(70), late).outputs.map(saying), [
    'OFFLINE @10#1 flapping at 70',
  ]);
});

test('ONLINE waits while it was not heard since, paused, or not for long enough', () => {
  const flapping = { lastHeardAt: at(-99), flapping: true, heardAgainAt: at(0) };
  const ticked = (changes: Partial<Liveness>, second = 11) => {
    const liveness = { ...speaking(-9, 10), offline: flapping, offlineTimes: [at(-100)], ...changes };
    return tickCylinder('c', cylinder({ liveness }), null, at(second), policy).outputs.length;
  };
  assert.equal(ticked({}), 1);
  assert.equal(ticked({ offline: { ...flapping, heardAgainAt: null } }), 0);
  assert.equal(ticked({ offline: { ...flapping, heardAgainAt: at(0) + 1 } }), 0);
  assert.equal(ticked({ heardSince: at(0) + 1 }), 0);
  assert.equal(ticked({}, 40), 0);
  assert.equal(ticked({ offline: { ...flapping, flapping: false } }), 0);
});

test('times that a wrong clock told are set right at a tick, before what was left is evaluated', () => {
  const one = story().play('nnnn').send('n', { from: 4, received: 4000 }).tick(10);
  const { lastSeenAt, liveness, judging } = one.state();
  assert.deepEqual([lastSeenAt, liveness?.lastHeardAt, liveness?.heardSince], [at(10), at(10), at(10)]);
  assert.deepEqual([judging.judgedAt, judging.heardAnewAt], [at(10), at(10)]);
});

test('times that are no further ahead than tolerated stay', () => {
  const one = story().play('nnn').send('n', { from: 3, received: 14.999 }).tick(10);
  assert.equal(one.state().lastSeenAt, at(14.999));
});
