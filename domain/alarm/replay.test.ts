import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReplay } from './plant.ts';

const POLICY = { windowMs: 3000, latenessMs: 1000, notifyFrom: 'advisory', futureToleranceMs: 5000 };
const TOPIC = 'greengrass/ml/inference/g/c';
const sample = (t: number, probability = 0.9) => ({ t, probability });

/** Takes lines one after the other and gives all that is said, or the message of the first that is none. */
const play = (...lines: readonly unknown[]): readonly object[] | string => {
  const take = createReplay();
  const said: object[] = [];
  for (const line of lines) {
    const step = take(line);
    if (!step.ok) return step.message;
    said.push(...step.lines);
  }
  return said;
};

const message = (receivedAt: number, ...samples: readonly object[]) => ({
  receivedAt,
  topic: TOPIC,
  payload: { v: 1, cylinder: 'c', samples },
});

const RAISED = [
  { kind: 'condition', cylinder: 'c', t: 1000, from: 'NORMAL', to: 'ACTIVE', incident: 'c@1000', began: 0 },
  { kind: 'severity', cylinder: 'c', t: 1000, incident: 'c@1000', severity: 'advisory' },
  {
    kind: 'notice',
    cylinder: 'c',
    id: 'c@1000#1',
    type: 'RAISED',
    incident: 'c@1000',
    severity: 'advisory',
    at: 9000,
  },
];
const ABNORMAL = message(9000, sample(0), sample(1000), sample(2000));

test('a policy without a time begins a stream and echoes its seed', () => {
  assert.deepEqual(play({ policy: {}, seed: 7 }), [{ kind: 'begin', seed: 7 }]);
  assert.deepEqual(play({ policy: {} }), [{ kind: 'begin', seed: undefined }]);
});

test('messages are folded under the policy of their stream', () => {
  assert.deepEqual(play({ policy: POLICY, seed: 1 }, ABNORMAL).slice(1), RAISED);
});

test('a new stream begins with nothing known', () => {
  const twice = play({ policy: POLICY, seed: 1 }, ABNORMAL, { policy: POLICY, seed: 2 }, ABNORMAL);
  assert.deepEqual(twice, [{ kind: 'begin', seed: 1 }, ...RAISED, { kind: 'begin', seed: 2 }, ...RAISED]);
});

test('a policy with a time is in force from the next line on, and forgets nothing', () => {
  const said = play(
    { policy: POLICY, seed: 1 },
    ABNORMAL,
    { receivedAt: 9000, policy: { ...POLICY, threshold: 0.95 } },
    message(9000, sample(3000), sample(4000), sample(5000), sample(6000)),
    { receivedAt: 9000, policy: POLICY },
    message(9000, sample(7000, 0.1)),
  );
  assert.deepEqual(said.slice(4), [
    { kind: 'condition', cylinder: 'c', t: 5000, from: 'ACTIVE', to: 'CLEARING', incident: 'c@1000' },
  ]);
});

test('a tick sweeps, a command is carried out or refused', () => {
  const said = play(
    { policy: POLICY, seed: 1 },
    message(2000, sample(0), sample(1000)),
    { receivedAt: 9000, cylinder: 'c', command: { type: 'ack', by: 'ana' } },
    { receivedAt: 70_000, tick: true },
  );
  assert.deepEqual(said.slice(1), [
    { kind: 'refused', cylinder: 'c', type: 'ack', why: 'no incident', at: 9000 },
    ...RAISED.slice(0, 2),
    { ...RAISED[2], at: 70_000 },
  ]);
});

test('a sample too far ahead is a line of quarantine, one that was not understood is none; unknown fields are ignored', () => {
  const line = {
    ...message(1000, { t: 5, probability: 'high' }, sample(7000), { ...sample(900), extra: 1 }),
    note: 'x',
  };
  assert.deepEqual(play({ policy: POLICY, seed: 1 }, line).slice(1), [
    { kind: 'quarantine', cylinder: 'c', t: 7000 },
  ]);
});

test('what names no cylinder or no time leaves no line', () => {
  const said = play(
    { policy: POLICY, seed: 1 },
    { receivedAt: 0, topic: 'nowhere', payload: {} },
    { receivedAt: 0, topic: TOPIC, payload: 'x' },
    message(0, { probability: 0.5 }),
  );
  assert.deepEqual(said, [{ kind: 'begin', seed: 1 }]);
});

test('a gateway is heard even where its message was not understood', () => {
  const said = play(
    { policy: POLICY, seed: 1 },
    { receivedAt: 0, topic: TOPIC, payload: 'x' },
    { receivedAt: 900_000, tick: true },
  );
  assert.deepEqual(said.slice(1), [
    { kind: 'notice', gateway: 'g', id: 'g@0#1', type: 'OFFLINE', at: 900_000 },
  ]);
});

const NO_LINES: readonly unknown[] = [
  null,
  3,
  'x',
  [],
  {},
  { receivedAt: 5 },
  { receivedAt: '5', tick: true },
  { receivedAt: 0.5, tick: true },
  { receivedAt: 5, tick: false },
  { receivedAt: 5, cylinder: 'c' },
  { receivedAt: 5, cylinder: 3, command: {} },
  { receivedAt: 5, cylinder: 'c', command: 'ack' },
  { receivedAt: 5, topic: 3, payload: {} },
  { policy: 3 },
  { policy: [] },
];
for (const line of NO_LINES) {
  test(`${JSON.stringify(line)} is no line of a recording`, () => {
    assert.equal(play(line), 'not a policy, a message, a tick or a command');
  });
}

test('a policy that is none says what is wrong with it, field by field', () => {
  assert.equal(
    play({ policy: { threshold: 2, windowMs: -1 } }),
    'windowMs must be a whole number of milliseconds, 0 or more; threshold must be a number from 0 to 1',
  );
});

test('a line before any policy is judged by the defaults', () => {
  assert.deepEqual(play({ receivedAt: 5, tick: true }), []);
});

test('a policy in mid-stream changes the period too: what was told is told RECOVERED at the next input', () => {
  const said = play(
    { policy: POLICY, seed: 1 },
    ABNORMAL,
    { receivedAt: 9000, policy: { ...POLICY, samplePeriodMs: 500 } },
    { receivedAt: 10_000, tick: true },
  );
  assert.deepEqual(said.slice(4), [
    {
      kind: 'condition',
      cylinder: 'c',
      t: 10_000,
      from: 'ACTIVE',
      to: 'NORMAL',
      incident: 'c@1000',
      cause: 'policy',
    },
    { ...RAISED[2], id: 'c@1000#2', type: 'RECOVERED', at: 10_000 },
  ]);
});

test('a message of two hundred thousand samples is folded like any other', () => {
  const replay = createReplay();
  const samples = Array.from({ length: 200_000 }, (_, index) => ({ t: 1000 + (index % 2), probability: 1 }));
  samples.unshift({ t: 60_000, probability: 1 });
  const step = replay({ receivedAt: 60_000, topic: 'greengrass/ml/inference/g/c', payload: { samples } });
  assert.ok(step.ok);
  assert.ok(step.lines.length > 100_000);
});
