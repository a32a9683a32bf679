import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, samplesOf, slotAt, story } from '../../test/fixture/alarm-story.ts';
import { foldCylinder } from './fold-cylinder.ts';
import { tickCylinder } from './liveness/cylinder-liveness.ts';

const samples = (pattern: string, from: number, received: number) =>
  ({ kind: 'samples', receivedAt: at(received), samples: samplesOf(pattern, from) }) as const;

test('the state that is handed in stays as it is', () => {
  const before = foldCylinder('c', null, samples('AAAAAA', 0, 5), SHORT_POLICY).state;
  const copy: unknown = JSON.parse(JSON.stringify(before));
  for (const input of [
    samples('nnnnnnnnn', 4, 12),
    { kind: 'tick', receivedAt: at(300) },
    {
      kind: 'command',
      receivedAt: at(6),
      command: { type: 'maintenance', by: 'a', reason: 'x', until: at(9) },
    },
  ] as const) {
    assert.notDeepEqual(foldCylinder('c', before, input, SHORT_POLICY).state, copy);
    assert.deepEqual(before, copy);
  }
});

test('the outputs are lines in the form of a replay', () => {
  const { outputs } = foldCylinder('c', null, samples('AAAAnn-----', 0, 5), SHORT_POLICY);
  assert.deepEqual(outputs, [
    {
      kind: 'condition',
      cylinder: 'c',
      t: at(2),
      from: 'NORMAL',
      to: 'ACTIVE',
      incident: `c@${at(2)}`,
      began: at(0),
    },
    { kind: 'severity', cylinder: 'c', t: at(2), incident: `c@${at(2)}`, severity: 'advisory' },
    {
      kind: 'notice',
      cylinder: 'c',
      id: `c@${at(2)}#1`,
      type: 'RAISED',
      incident: `c@${at(2)}`,
      severity: 'advisory',
      at: at(5),
    },
  ]);
});

test('an OCCURRED is a line with its incidents and their count', () => {
  const changes = { windowMs: 1000, minCoverage: 0, reopenWithinMs: 0, historicalAfterMs: 5000 };
  const levels = [{ severity: 'advisory', afterMs: 0, clearHoldMs: 0 }];
  const policy = { ...SHORT_POLICY, ...changes, levels };
  const { state } = foldCylinder('c', null, samples('AnnAnnnn', 0, 900), policy);
  const tick = { kind: 'tick', receivedAt: at(901) } as const;
  const swept = foldCylinder('c', state, tick, policy);
  assert.deepEqual(foldCylinder('c', swept.state, tick, policy).outputs, [
    {
      kind: 'notice',
      cylinder: 'c',
      id: `c@${at(3)}#1`,
      type: 'OCCURRED',
      incident: `c@${at(3)}`,
      severity: 'advisory',
      incidents: [`c@${at(0)}`, `c@${at(3)}`],
      count: 2,
      at: at(901),
    },
  ]);
});

test('what maintenance ends, a refusal, a late and a quarantined sample are lines of their own', () => {
  const { state } = foldCylinder('c', null, samples('AAAA', 0, 3), SHORT_POLICY);
  const ended = foldCylinder(
    'c',
    state,
    {
      kind: 'command',
      receivedAt: at(4),
      command: { type: 'maintenance', by: 'a', reason: 'x', until: at(9) },
    },
    SHORT_POLICY,
  );
  assert.deepEqual(ended.outputs[0], {
    kind: 'condition',
    cylinder: 'c',
    t: at(4),
    from: 'ACTIVE',
    to: 'NORMAL',
    incident: `c@${at(2)}`,
    cause: 'maintenance',
  });
  const refused = foldCylinder(
    'c',
    state,
    { kind: 'command', receivedAt: at(4), command: { type: 'x' } },
    SHORT_POLICY,
  );
  assert.deepEqual(refused.outputs, [
    { kind: 'refused', cylinder: 'c', type: 'x', why: 'unknown', at: at(4) },
  ]);
  const strays = foldCylinder('c', state, samples('A-----------A', 0, 4), SHORT_POLICY);
  assert.deepEqual(strays.outputs, [
    { kind: 'late', cylinder: 'c', t: at(0) },
    { kind: 'quarantine', cylinder: 'c', t: at(12) },
  ]);
});

test('a sample as far ahead as tolerated is taken, one further is quarantined and no sample for any other rule', () => {
  const taken = story().wait(10).send('A', { from: 15, received: 10 });
  assert.deepEqual([taken.strays(), taken.state().highestSlot], [[], slotAt(15)]);
  const before = story().play('nn');
  const one = story().play('nn').send('A', { from: 8, received: 2 });
  assert.deepEqual(one.strays(), ['quarantine 8']);
  const { liveness, judging, ...rest } = one.state();
  const { liveness: _heard, judging: _judged, ...others } = before.state();
  assert.deepEqual(rest, others);
  assert.deepEqual([liveness?.lastHeardAt, judging.unjudged.ahead, rest.lastSeenAt], [at(2), 1, at(1)]);
});

test('a clock of the receiver that goes back undoes nothing, and last seen stays the latest', () => {
  const one = story()
    .wait(100)
    .send('AAAA', { from: 90, received: 100 })
    .send('AA', { from: 94, received: 96 });
  assert.equal(one.state().lastSeenAt, at(100));
  assert.equal(one.state().evaluatedAt, at(94));
});

test('a sample is abnormal from exactly the threshold on', () => {
  assert.equal(story({ threshold: 0.9 }).play('AAAA').state().condition, 'ACTIVE');
  assert.equal(story({ threshold: 0.901 }).play('AAAA').state().condition, 'NORMAL');
});

test('under slots of another length the cylinder starts afresh', () => {
  const one = story()
    .play('AAAA')
    .under({ samplePeriodMs: 2000, windowMs: 10_000, latenessMs: 2000 })
    .play('n');
  const { samplePeriodMs, condition, incident, notified, window } = one.state();
  assert.deepEqual([samplePeriodMs, condition, notified, window.size], [2000, 'NORMAL', null, 5]);
  assert.deepEqual([incident?.endedBy, incident?.final], ['policy', true]);
  assert.equal(one.state().highestSlot, at(4) / 2000);
});

test('a state as new is empty, and the same at a tick', () => {
  const { state, outputs } = foldCylinder('c', null, { kind: 'tick', receivedAt: at(0) }, SHORT_POLICY);
  assert.deepEqual(outputs, []);
  assert.deepEqual(state, {
    samplePeriodMs: 1000,
    pendingSteps: [],
    highestSlot: null,
    isHighestRunning: false,
    evaluatedAt: null,
    receivedSlot: null,
    evaluatedMsSinceTick: 0,
    runningSlots: 0,
    window: { size: 5, end: null, counted: [0], abnormal: [0], countedSlots: 0, abnormalSlots: 0 },
    condition: 'NORMAL',
    hold: 0,
    incident: null,
    superseded: null,
    notified: null,
    unnotified: null,
    shelf: null,
    maintenance: null,
    commandAt: {},
    gateway: null,
    lastSeenAt: null,
    liveness: null,
    offlineGateway: null,
    judging: {
      judgedAt: null,
      heardAnewAt: null,
      unjudged: { ahead: 0, late: 0, coverage: 0, 'warm-up': 0 },
      unwatched: null,
    },
    lateSamples: 0,
  });
});

const throughH = (pattern: string, from: number, received: number) =>
  ({
    kind: 'samples',
    receivedAt: at(received),
    samples: samplesOf(pattern, from).map((sample) => ({ ...sample, gateway: 'h' })),
  }) as const;

test('the gateway of a cylinder is the one that it was last heard through, a late repetition aside', () => {
  const one = story()
    .play('n')
    .fold(throughH('n', 1, 1));
  assert.equal(one.state().gateway, 'h');
  one.send('n', { from: 0, received: 0 });
  assert.equal(one.state().gateway, 'h');
});

/** A cylinder whose OFFLINE was told at second 60, its gateway having been heard on since its sample at second 0. */
const silent = () => {
  const gateway = { lastHeardAt: at(60), heardSince: at(-9), offline: null, offlineTimes: [] };
  const { state } = tickCylinder('c', story().play('n').state(), gateway, at(60), SHORT_POLICY);
  return state;
};

test('a silence is answered ONLINE at the next sample with a later receivedAt, a quarantined one too, once', () => {
  const state = silent();
  const early = foldCylinder('c', state, samples('n', 0, 0), SHORT_POLICY);
  assert.deepEqual([early.outputs, early.state.offlineGateway], [[], 'g']);
  const online = {
    kind: 'notice',
    cylinder: 'c',
    gateway: 'g',
    id: `g/c@${at(0)}#2`,
    type: 'ONLINE',
    at: at(70),
  };
  const ahead = foldCylinder('c', state, samples('n', 400, 70), SHORT_POLICY);
  assert.deepEqual(ahead.outputs, [online, { kind: 'quarantine', cylinder: 'c', t: at(400) }]);
  const back = foldCylinder('c', state, samples('nn', 61, 70), SHORT_POLICY);
  assert.deepEqual(back.outputs, [online]);
  assert.deepEqual([back.state.liveness?.offline, back.state.offlineGateway], [null, null]);
});

test('a cylinder back on another gateway is answered under the name of its silence', () => {
  const { outputs } = foldCylinder('c', silent(), throughH('n', 69, 70), SHORT_POLICY);
  assert.deepEqual(
    outputs.map((output) => 'gateway' in output && [output.gateway, output.type]),
    [['g', 'ONLINE']],
  );
});
