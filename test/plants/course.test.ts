import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertTold,
  at,
  command,
  FAULT,
  HOUR_MS,
  isBetween,
  MINUTE_MS,
  play,
  policyFrom,
  START_MS,
  samples,
  ticks,
} from './plant.ts';

const RAISED = ['0:21', 'RAISED warning'] as const;
const ESCALATED = ['1:11', 'ESCALATED alarm'] as const;
const RECOVERED = ['1:21', 'RECOVERED alarm'] as const;

/** So long on, so long off, from midnight for ten hours. */
const cycling =
  (onMs: number, offMs: number) =>
  (ms: number): boolean =>
    ms < at('10:00') && ms % (onMs + offMs) < onMs;

test('an hour of fault is told three times: raised, escalated, recovered', () => {
  assertTold(play({}, [...samples({ to: '2:00' }), ...ticks('2:00')]), [RAISED, ESCALATED, RECOVERED]);
});

test('an edge that restarts each ten minutes, away for twenty seconds, tells the same', () => {
  const isSent = (ms: number): boolean => ms % (10 * MINUTE_MS) >= 20_000;
  // What was away advances no timer: the hour that makes an alarm takes two minutes longer.
  const isAbnormal = isBetween('0:10', '1:15');
  assertTold(play({}, [...samples({ to: '2:00', isSent, isAbnormal }), ...ticks('2:00')]), [
    RAISED,
    ['1:13', 'ESCALATED alarm'],
    ['1:26', 'RECOVERED alarm'],
  ]);
});

test('a fault fifteen minutes on and off is told until it flaps, and then only what gets worse', () => {
  const isAbnormal = cycling(15 * MINUTE_MS, 15 * MINUTE_MS);
  assertTold(play({}, [...samples({ to: '11:30', isAbnormal }), ...ticks('11:30')]), [
    ['0:11', 'RAISED warning'],
    ['0:26', 'RECOVERED warning'],
    ['0:31', 'REOPENED warning'],
    ['0:56', 'RECOVERED warning'],
    ['1:01', 'REOPENED warning'],
    ['1:26', 'RECOVERED warning'],
    ['1:31', 'FLAPPING warning'],
    ['1:45', 'ESCALATED alarm'],
    ['5:45', 'REMINDER alarm'],
    ['9:45', 'REMINDER alarm'],
    ['10:26', 'RECOVERED alarm'],
  ]);
});

test('a fault two minutes on and off stays one incident, since the quiet never holds', () => {
  const isAbnormal = cycling(2 * MINUTE_MS, 2 * MINUTE_MS);
  const outputs = play({}, [...samples({ to: '11:00', isAbnormal }), ...ticks('11:00')]);
  const types = outputs.flatMap(({ kind, type }) => (kind === 'notice' ? [type] : []));
  assert.deepEqual(types, ['RAISED', 'ESCALATED', 'REMINDER', 'REMINDER', 'RECOVERED']);
});

test('a shelf of eight hours holds while the fault comes and goes, until it rises to alarm', () => {
  const isAbnormal = cycling(15 * MINUTE_MS, 15 * MINUTE_MS);
  const until = START_MS + at('8:00');
  const shelve = command('0:20', { type: 'shelve', by: 'kim', reason: 'part ordered', until });
  assertTold(play({}, [...samples({ to: '2:20', isAbnormal }), shelve, ...ticks('2:20')]), [
    ['0:11', 'RAISED warning'],
    ['1:45', 'ESCALATED alarm'],
    ['1:56', 'RECOVERED alarm'],
    ['2:01', 'FLAPPING alarm'],
  ]);
});

test('levels renamed while an incident is told: nothing until something rises or ends', () => {
  const levels = [
    { severity: 'note', afterMs: 0, clearHoldMs: MINUTE_MS },
    { severity: 'trouble', afterMs: 10 * MINUTE_MS, clearHoldMs: 10 * MINUTE_MS },
    { severity: 'danger', afterMs: HOUR_MS, clearHoldMs: 10 * MINUTE_MS },
  ];
  const renamed = policyFrom('0:30', { levels, notifyFrom: 'trouble', remind: {} });
  assertTold(play({}, [...samples({ to: '2:00' }), renamed, ...ticks('2:00')]), [
    RAISED,
    ['1:11', 'ESCALATED danger'],
    ['1:21', 'RECOVERED danger'],
  ]);
});

test('a new sample period: recovered at once, raised again if it stays; a maintenance stays', () => {
  const maintenance = command(
    '0:25',
    { type: 'maintenance', by: 'kim', reason: 'seals', until: START_MS + at('3:00') },
    'b',
  );
  const events = [
    ...samples({ to: '1:30' }),
    ...samples({ to: '1:30', cylinder: 'b', isAbnormal: (ms) => FAULT(ms) && ms >= at('0:26') }),
    maintenance,
    policyFrom('0:30', { samplePeriodMs: 2000 }),
    ...ticks('1:30'),
  ];
  assertTold(play({}, events), [
    RAISED,
    ['0:30', 'RECOVERED warning'],
    ['0:41', 'RAISED warning'],
    ['1:20', 'RECOVERED warning'],
  ]);
});

test('an alarm of a machine that is switched off at night is not reminded of until it runs again', () => {
  const idle = { sensor: 'wEncoderVelocity', below: 10 };
  const isOn = (ms: number): boolean => ms < at('2:00') || ms >= at('9:00');
  const stays = (ms: number): boolean => ms >= at('0:10');
  const off = play({ idle, warmUpMs: 0 }, [
    ...samples({ to: '10:00', isAbnormal: stays, speed: (ms) => (isOn(ms) ? 1200 : 0) }),
    ...ticks('10:00'),
  ]);
  assertTold(off, [RAISED, ESCALATED, ['9:00', 'REMINDER alarm']]);
  const silent = play({}, [
    ...samples({ to: '10:00', isAbnormal: stays, isSent: isOn }),
    ...samples({ to: '10:00', cylinder: 'other', isAbnormal: () => false }),
    ...ticks('10:00'),
  ]);
  const reminders = silent.filter(({ type }) => type === 'REMINDER');
  assert.deepEqual(
    reminders.map(({ at: time }) => Number(time) - START_MS >= at('9:00')),
    [true],
  );
});
