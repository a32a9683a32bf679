import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from './policy.ts';
import { readPolicy } from './read-policy.ts';

const read = (value: unknown) => {
  const reading = readPolicy(value);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.policy;
};

/** What is wrong with a policy, each as its field and a sentence. */
const faults = (value: unknown): readonly string[] => {
  const reading = readPolicy(value);
  return reading.ok ? [] : reading.faults.map(({ field, message }) => `${field} ${message}`);
};

test('an empty policy is the default policy', () => {
  assert.deepEqual(read({}), DEFAULT_POLICY);
});

test('a field that is given stands, the others keep their defaults', () => {
  assert.deepEqual(read({ threshold: 0.8, windowMs: 30_000 }), {
    ...DEFAULT_POLICY,
    threshold: 0.8,
    windowMs: 30_000,
  });
  assert.deepEqual(read({ windowMs: undefined, threshold: 0.8 }).windowMs, 60_000);
});

test('half of flapping keeps the other half', () => {
  assert.deepEqual(read({ flapping: { reopenings: 5 } }).flapping, { reopenings: 5, withinMs: 86_400_000 });
  assert.deepEqual(read({ flapping: { withinMs: 9 } }).flapping, { reopenings: 3, withinMs: 9 });
});

test('a machine that is idle at times warms up, unless the policy says how long', () => {
  const idle = { sensor: 'wRMSCurrent', below: 0.5 };
  assert.deepEqual([read({ idle }).warmUpMs, read({ idle }).idle], [300_000, idle]);
  assert.equal(read({ idle, warmUpMs: 0 }).warmUpMs, 0);
  assert.equal(read({ idle: null }).warmUpMs, 0);
  assert.equal(read({ warmUpMs: 7000 }).warmUpMs, 7000);
});

test('under other levels the reminders are the defaults of those that keep their name', () => {
  const levels = [{ severity: 'warning', afterMs: 0, clearHoldMs: 0 }];
  assert.deepEqual(read({ levels }).remind, { warning: 86_400_000 });
  assert.deepEqual(read({ remind: {} }).remind, {});
  assert.deepEqual(read({ remind: { alarm: 5 } }).remind, { alarm: 5 });
});

const level = (severity: string, afterMs: number) => ({ severity, afterMs, clearHoldMs: 0 });

const TIMES = [
  'latenessMs',
  'windowMs',
  'reopenWithinMs',
  'staleAfterMs',
  'offlineAfterMs',
  'futureToleranceMs',
  'historicalAfterMs',
  'maxMaintenanceMs',
  'warmUpMs',
  'maxShelveMs',
];
for (const field of TIMES) {
  test(`${field} is a whole number of milliseconds, 0 or more`, () => {
    for (const value of [-1, 0.5, '60', null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      assert.deepEqual(faults({ [field]: value }), [
        `${field} must be a whole number of milliseconds, 0 or more`,
      ]);
  });
}

for (const field of ['threshold', 'raiseRatio', 'clearRatio', 'minCoverage']) {
  test(`${field} is a number from 0 to 1`, () => {
    for (const value of [-0.01, 1.01, '0.5', null, Number.NaN])
      assert.deepEqual(faults({ [field]: value }), [`${field} must be a number from 0 to 1`]);
  });
}

const FAULTY: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['an unknown field', { treshold: 0.5 }, ['treshold is not a field of a policy: check the spelling']],
  ['a list', [], ['policy must be an object']],
  ['a sample period of nothing', { samplePeriodMs: 0 }, ['samplePeriodMs must be a whole number, 1 or more']],
  ['part of a millisecond', { samplePeriodMs: 1.5 }, ['samplePeriodMs must be a whole number, 1 or more']],
  ['a sample period as text', { samplePeriodMs: '1' }, ['samplePeriodMs must be a whole number, 1 or more']],
  ['reminders below none', { maxReminders: -1 }, ['maxReminders must be a whole number, 0 or more']],
  [
    'flapping of no reopening',
    { flapping: { reopenings: 0 } },
    ['flapping.reopenings must be a whole number, 1 or more'],
  ],
  [
    'flapping within no time',
    { flapping: { withinMs: -1 } },
    ['flapping.withinMs must be a whole number of milliseconds, 0 or more'],
  ],
  [
    'an unknown field of flapping',
    { flapping: { times: 1 } },
    ['flapping.times is not a field of a policy: check the spelling'],
  ],
  ['no level', { levels: [] }, ['levels must name at least one level']],
  ['levels that are no list', { levels: {} }, ['levels must be a list of levels']],
  ['a level without a name', { levels: [level('', 0)] }, ['levels.0.severity must be a name']],
  [
    'a level named by a number',
    { levels: [{ ...level('a', 0), severity: 1 }] },
    ['levels.0.severity must be a name'],
  ],
  ['notifyFrom of no name', { notifyFrom: '' }, ['notifyFrom must be a name']],
  [
    'a sensor nobody has',
    { idle: { sensor: 'wLoad', below: 1 } },
    [
      'idle.sensor must be one of rVibration_Temp, rVibration_Z_RMS_Velocity, rVibration_X_RMS_Velocity, wRMSCurrent, wCurrentLoad, wEncoderVelocity',
    ],
  ],
  [
    'an idle threshold without end',
    { idle: { sensor: 'wRMSCurrent', below: Number.POSITIVE_INFINITY } },
    ['idle.below must be a number'],
  ],
  [
    'an idle threshold as text',
    { idle: { sensor: 'wRMSCurrent', below: '1' } },
    ['idle.below must be a number'],
  ],
  [
    'a reminder before now',
    { remind: { alarm: -5 } },
    ['remind.alarm must be a whole number of milliseconds, 0 or more'],
  ],
  ['a clear ratio of 0', { clearRatio: 0 }, ['clearRatio must be above 0 and below raiseRatio, 0.6']],
  [
    'a clear ratio as high as the raise ratio',
    { clearRatio: 0.6 },
    ['clearRatio must be above 0 and below raiseRatio, 0.6'],
  ],
  [
    'a raise ratio below the clear ratio',
    { raiseRatio: 0.1 },
    ['clearRatio must be above 0 and below raiseRatio, 0.1'],
  ],
  [
    'a first level after 0',
    { levels: [level('warning', 1)] },
    ['levels.0.afterMs must be 0: the first level is reached at once'],
  ],
  [
    'levels out of order',
    { levels: [level('a', 0), level('warning', 9), level('c', 8)] },
    ['levels.2.afterMs must not be before the level above it in the list'],
  ],
  [
    'a level named twice',
    { levels: [level('warning', 0), level('warning', 9)] },
    ['levels.1.severity names warning twice'],
  ],
  [
    'notifyFrom naming no level',
    { notifyFrom: 'panic' },
    ['notifyFrom names no level; the levels are advisory, warning, alarm'],
  ],
  [
    'remind naming no level',
    { remind: { panic: 5 } },
    ['remind.panic names no level; the levels are advisory, warning, alarm'],
  ],
  [
    'a window of part of a slot',
    { windowMs: 60_500 },
    ['windowMs must be whole slots of 1000 ms, at least one'],
  ],
  ['a window of nothing', { windowMs: 0 }, ['windowMs must be whole slots of 1000 ms, at least one']],
  [
    'a window beyond what a state can hold',
    { windowMs: 1_000_001_000 },
    ['windowMs must span at most 1000000 slots of 1000 ms'],
  ],
  [
    'stragglers waited for less than a slot',
    { latenessMs: 999 },
    ['latenessMs must be at least samplePeriodMs, 1000 ms'],
  ],
  [
    'stragglers waited for beyond what a state can hold',
    { latenessMs: 1_000_000_001 },
    ['latenessMs must span at most 1000000 slots of 1000 ms'],
  ],
  [
    'several faults at once',
    { windowMs: 500, levels: [level('a', 5)], notifyFrom: 'b', remind: {} },
    [
      'windowMs must be whole slots of 1000 ms, at least one',
      'levels.0.afterMs must be 0: the first level is reached at once',
      'notifyFrom names no level; the levels are a',
    ],
  ],
];

for (const [name, value, expected] of FAULTY) {
  test(`${name} is a fault that names its field`, () => assert.deepEqual(faults(value), expected));
}

test('a level that lacks a field is named', () => {
  const [fault, ...others] = faults({ levels: [{ severity: 'a', afterMs: 0 }] });
  assert.match(fault ?? '', /^levels\.0\.clearHoldMs must be there: /);
  assert.deepEqual(others, []);
});

test('what is no object at all is a fault of the policy', () => {
  for (const value of [null, 3, 'x', true, undefined]) assert.match(faults(value)[0] ?? '', /^policy /);
});

const SOUND: readonly (readonly [string, object])[] = [
  ['bounds of the ratios', { threshold: 0, raiseRatio: 1, clearRatio: 0.999, minCoverage: 1 }],
  ['no coverage at all', { minCoverage: 0, threshold: 1 }],
  ['the widest window', { windowMs: 3_600_000, latenessMs: 300_000 }],
  ['the narrowest window', { windowMs: 1000, latenessMs: 1000 }],
  ['levels that are reached together', { levels: [level('a', 0), level('b', 0)], notifyFrom: 'b' }],
  ['nobody reminded', { maxReminders: 0, remind: {} }],
  ['a single reopening', { flapping: { reopenings: 1, withinMs: 0 } }],
  ['short slots', { samplePeriodMs: 1, windowMs: 60, latenessMs: 1 }],
];
for (const [name, value] of SOUND) test(`${name} make a policy`, () => assert.deepEqual(faults(value), []));

test('a cylinder cannot be offline before it is stale', () => {
  assert.deepEqual(faults({ offlineAfterMs: 59_999 }), [
    'offlineAfterMs must be at least staleAfterMs, 60000 ms',
  ]);
  assert.deepEqual(faults({ offlineAfterMs: 60_000 }), []);
});
