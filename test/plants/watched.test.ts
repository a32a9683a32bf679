import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertTold, at, MINUTE_MS, play, SECOND_MS, START_MS, samples, ticks, timesOf } from './plant.ts';

const RAISED = ['0:21', 'RAISED warning'] as const;
const ESCALATED = ['1:11', 'ESCALATED alarm'] as const;
const RECOVERED = ['1:21', 'RECOVERED alarm'] as const;

const sparse = samples({ to: '2:00', everyMs: 10 * SECOND_MS });

test('a sample each ten seconds under a period of one is told as unwatched, once, and nothing else', () => {
  assertTold(play({}, [...sparse, ...ticks('2:00')]), [['0:15', 'UNWATCHED coverage']]);
});

test('the same with the period that fits is raised', () => {
  const policy = { samplePeriodMs: 10_000, windowMs: 600_000 };
  const [first] = play(policy, [...sparse, ...ticks('2:00')]).filter(({ kind }) => kind === 'notice');
  assert.equal(first?.type, 'RAISED');
});

test('ten samples a second, healthy, one in twenty above the threshold: as the rule says', () => {
  const isAbnormal = (ms: number): boolean => (ms / 100) % 20 === 0;
  const outputs = play({}, [...samples({ to: '0:40', everyMs: 100, isAbnormal }), ...ticks('0:40')]);
  // A slot is abnormal where any of its ten samples is: every second slot here, which is less than the share that raises.
  assert.deepEqual(
    outputs.filter(({ kind }) => kind === 'notice'),
    [],
  );
  assert.deepEqual(
    [...new Set(outputs.flatMap(({ kind, to }) => (kind === 'condition' ? [to] : [])))],
    ['SUSPECT'],
  );
});

test('a gateway three minutes fast is told as unwatched, and nothing else', () => {
  const gatewayClock = (ms: number): number => ms + 3 * MINUTE_MS;
  assertTold(play({}, [...samples({ to: '2:00', gatewayClock }), ...ticks('2:00')]), [
    ['0:15', 'UNWATCHED ahead'],
  ]);
});

test('set right, it is told as watched within a minute, and then raised', () => {
  const gatewayClock = (ms: number): number => (ms < at('0:30') ? ms + 3 * MINUTE_MS : ms);
  assertTold(play({}, [...samples({ to: '2:00', gatewayClock }), ...ticks('2:00')]), [
    ['0:15', 'UNWATCHED ahead'],
    ['0:31', 'WATCHED'],
    ['0:41', 'RAISED warning'],
    ['1:21', 'RECOVERED warning'],
  ]);
});

test('a gateway six minutes slow is told less than a minute later than with a right clock', () => {
  const gatewayClock = (ms: number): number => ms - 6 * MINUTE_MS;
  assertTold(play({}, [...samples({ to: '2:00', gatewayClock }), ...ticks('2:00')]), [
    RAISED,
    ESCALATED,
    RECOVERED,
  ]);
});

test('a reboot into 1970 is told as unwatched a quarter of an hour later', () => {
  const gatewayClock = (ms: number): number => (ms < at('0:05') ? ms : ms - at('0:05') - START_MS);
  assertTold(play({}, [...samples({ to: '2:00', gatewayClock }), ...ticks('2:00')]), [
    ['0:20', 'UNWATCHED late'],
  ]);
});

test('a clock that goes back is told as unwatched until time has caught up, and then raised', () => {
  const gatewayClock = (ms: number): number => (ms < at('0:05') ? ms : ms - 70 * MINUTE_MS);
  const isAbnormal = (ms: number): boolean => ms >= at('0:10') && ms < at('2:30');
  assertTold(play({}, [...samples({ to: '3:00', gatewayClock, isAbnormal }), ...ticks('3:00')]), [
    ['0:20', 'UNWATCHED late'],
    ['1:15', 'WATCHED'],
    ['1:26', 'RAISED warning'],
    ['2:16', 'ESCALATED alarm'],
    ['2:41', 'RECOVERED alarm'],
  ]);
});

test('two gateways of one cylinder, the healthy one twenty seconds fast: raised and recovered once', () => {
  const events = [
    ...samples({ to: '2:00', gateway: 'a' }),
    ...samples({
      to: '2:00',
      gateway: 'b',
      isAbnormal: () => false,
      gatewayClock: (ms) => ms + 20 * SECOND_MS,
    }),
    ...ticks('2:00'),
  ];
  assertTold(play({}, events), [RAISED, ESCALATED, RECOVERED]);
});

const isOn =
  (onSeconds: number) =>
  (ms: number): boolean =>
    ms % MINUTE_MS < onSeconds * SECOND_MS;

test('thirty seconds on, thirty off, and what is off is lost: raised; twenty-nine: unwatched', () => {
  const [first] = play({}, [...samples({ to: '1:05', isSent: isOn(30) }), ...ticks('1:05')]).filter(
    ({ kind }) => kind === 'notice',
  );
  assert.equal(first?.type, 'RAISED');
  assertTold(play({}, [...samples({ to: '2:00', isSent: isOn(29) }), ...ticks('2:00')]), [
    ['0:15', 'UNWATCHED coverage'],
  ]);
});

test('what is off is queued at the gateway: as if it had never been off, each notice once', () => {
  const receivedAt = (ms: number): number =>
    isOn(29)(ms) ? ms : (Math.floor(ms / MINUTE_MS) + 1) * MINUTE_MS;
  assertTold(play({}, [...samples({ to: '2:00', receivedAt }), ...ticks('2:00')]), [
    RAISED,
    ESCALATED,
    RECOVERED,
  ]);
});

test('a warm-up that begins anew at each gap is told as unwatched', () => {
  const idle = { sensor: 'wEncoderVelocity', below: 10 };
  const isSent = (ms: number): boolean => ms % (5 * MINUTE_MS) >= 70 * SECOND_MS;
  assertTold(play({ idle }, [...samples({ to: '2:00', isSent }), ...ticks('2:00')]), [
    ['0:16', 'UNWATCHED warm-up'],
  ]);
});

test('a link that is up one minute in seventeen is told as flapping, and then no more until it has lasted', () => {
  const cycleMs = 17 * MINUTE_MS;
  const isUp = (ms: number): boolean => ms >= at('12:00') || ms % cycleMs < MINUTE_MS;
  const outputs = play({}, [
    ...samples({ to: '13:00', isSent: isUp, isAbnormal: () => false }),
    ...ticks('13:00'),
  ]);
  const notices = outputs.filter(({ kind }) => kind === 'notice');
  assert.deepEqual(
    notices.map(({ type, flapping }) => [type, flapping ?? false]),
    [
      ['OFFLINE', false],
      ['ONLINE', false],
      ['OFFLINE', false],
      ['ONLINE', false],
      ['OFFLINE', true],
      ['ONLINE', false],
    ],
  );
  assert.deepEqual(timesOf(outputs, 'ONLINE').slice(2), ['12:30']);
});

test('a receiver a day ahead for a minute leaves nothing behind', () => {
  const receiverClock = (ms: number): number =>
    ms >= at('0:05:30') && ms < at('0:06:30') ? ms + 24 * 60 * MINUTE_MS : ms;
  const isSent = (ms: number): boolean => ms < at('0:30') || ms >= at('1:00');
  const outputs = play({}, [
    ...samples({ to: '1:10', isSent, receiverClock, isAbnormal: () => false }),
    ...ticks('1:10', receiverClock),
  ]);
  assertTold(outputs, [
    ['0:45', 'OFFLINE'],
    ['1:00', 'ONLINE'],
  ]);
});
