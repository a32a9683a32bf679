import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentNoticeType } from '../../domain/alarm/state/output.ts';
import type { NoticeFacts } from '../../domain/notice/notice.ts';
import { plainText } from '../../notification/notice-view.ts';

const AT = Date.UTC(2026, 10, 23, 11, 5, 30);
const BERLIN = { timeZone: 'Europe/Berlin' };

const FACTS: NoticeFacts = {
  gateway: 'line-3',
  beganAt: AT - 630_000,
  lastAbnormalAt: AT - 30_000,
  quietSince: null,
  endedAt: null,
  endedBy: null,
  abnormalShare: 0.876,
  windowMs: 60_000,
  probability: 0.934,
  deviations: [
    { sensor: 'rVibration_Z_RMS_Velocity', value: 5.678, low: 1.234, high: 2.345, deviation: 9 },
    { sensor: 'wEncoderVelocity', value: 512.4, low: -20, high: 1180.6, deviation: -3 },
  ],
  advice: 'bearing',
};

const notice = (type: IncidentNoticeType) => ({
  kind: 'notice' as const,
  cylinder: 'cyl-07',
  id: 'cyl-07@5#2',
  type,
  incident: 'cyl-07@5',
  severity: 'warning',
  at: AT,
});

test('a technician reads what, where, since when, how bad, what moved and what to look at', () => {
  assert.deepEqual(plainText({ output: notice('RAISED'), facts: FACTS }, BERLIN), [
    'RAISED WARNING: cyl-07 (gateway line-3) stays abnormal, 2026-11-23 12:05:30 (Europe/Berlin)',
    'abnormal since 2026-11-23 11:55:00 (10 min 30 s)',
    '88 % of the last minute abnormal, probability 0.93',
    'moved most: vibration Z 5.68 mm/s (usually 1.23–2.35), speed 512 RPM (usually 0–1181)',
    'look at the bearing: lubrication, play and noise; it shakes and runs hot',
    'notice cyl-07@5#2',
  ]);
});

test('times are those of the reader', () => {
  const at = (timeZone: string) =>
    plainText({ output: notice('RAISED'), facts: FACTS }, { timeZone }).slice(0, 2);
  assert.match(at('UTC').join(), /2026-11-23 11:05:30.*2026-11-23 10:55:00/);
  assert.match(at('Asia/Kolkata').join(), /2026-11-23 16:35:30.*2026-11-23 16:25:00/);
});

test('a usual range that is not known yet is said to be so', () => {
  const deviations = [
    { sensor: 'rVibration_Temp' as const, value: 61.25, low: null, high: null, deviation: 0 },
  ];
  const lines = plainText({ output: notice('RAISED'), facts: { ...FACTS, deviations } }, BERLIN);
  assert.equal(lines[3], 'moved most: temperature 61.3 °C (usual range not known yet)');
});

test('where no sensor answered and no beginning is known, those lines are left out', () => {
  const lines = plainText(
    { output: notice('RAISED'), facts: { ...FACTS, deviations: [], beganAt: null } },
    BERLIN,
  );
  assert.deepEqual(lines.slice(1), [
    '88 % of the last minute abnormal, probability 0.93',
    'look at the bearing: lubrication, play and noise; it shakes and runs hot',
    'notice cyl-07@5#2',
  ]);
});

const HEADLINES: readonly (readonly [IncidentNoticeType, RegExp])[] = [
  ['REOPENED', /is abnormal again/],
  ['FLAPPING', /its end is told once it stays quiet/],
  ['ESCALATED', /has got worse/],
  ['SHELF_EXPIRED', /its shelf has run out/],
  ['REMINDER', /nobody has acknowledged it/],
];
for (const [type, headline] of HEADLINES) {
  test(`${type} has a headline of its own and all that a technician needs`, () => {
    const [first, ...others] = plainText({ output: notice(type), facts: FACTS }, BERLIN);
    assert.ok(first?.startsWith(`${type} WARNING: cyl-07 (gateway line-3) `));
    assert.match(first ?? '', headline);
    assert.equal(others.length, 5);
  });
}

test('a recovery says from when to when it was, and nothing of sensors', () => {
  const facts = { ...FACTS, lastAbnormalAt: AT - 330_000, endedAt: AT - 30_000 };
  assert.deepEqual(plainText({ output: notice('RECOVERED'), facts }, BERLIN), [
    'RECOVERED WARNING: cyl-07 (gateway line-3) is back to normal, 2026-11-23 12:05:30 (Europe/Berlin)',
    'abnormal from 2026-11-23 11:55:00 to 2026-11-23 12:00:00 (5 min), over at 2026-11-23 12:05:00',
    'notice cyl-07@5#2',
  ]);
  const open = plainText({ output: notice('RECOVERED'), facts: { ...FACTS, lastAbnormalAt: null } }, BERLIN);
  assert.equal(open[1], 'abnormal from 2026-11-23 11:55:00');
});

test('a recovery by maintenance says that it is maintenance', () => {
  const facts = { ...FACTS, endedBy: 'maintenance' as const, endedAt: AT };
  const [first] = plainText({ output: notice('RECOVERED'), facts }, BERLIN);
  assert.match(first ?? '', /is in maintenance, which ends the incident/);
});

test('what is foretold is told in whole minutes, rounded outwards, and the last minute in seconds', () => {
  const told = (fromMs: number, toMs: number) => {
    const forecast = { severity: 'alarm', fromMs: AT + fromMs, toMs: AT + toMs };
    return plainText({ output: notice('RAISED'), facts: { ...FACTS, forecast } }, BERLIN).find((line) =>
      line.endsWith('at this rate'),
    );
  };
  assert.equal(told(2_281_000, 3_421_000), 'ALARM in 38 min to 58 min at this rate');
  assert.equal(told(7_199_000, 18_001_000), 'ALARM in 1 h 59 min to 5 h 1 min at this rate');
  assert.equal(told(20_000, 61_000), 'ALARM in 20 s to 2 min at this rate');
  assert.equal(told(-5000, 60_000), 'ALARM in 0 s to 1 min at this rate');
});

test('what occurred unseen says how often', () => {
  const occurred = (count: number) =>
    plainText(
      { output: { ...notice('RAISED'), type: 'OCCURRED', incidents: ['cyl-07@5'], count }, facts: null },
      BERLIN,
    );
  assert.match(
    occurred(3)[0] ?? '',
    /^OCCURRED WARNING: cyl-07 was abnormal and is back to normal: its data came late \(3 times\), /,
  );
  assert.doesNotMatch(occurred(1)[0] ?? '', /times/);
});

test('the silence of a gateway and of a cylinder are told apart', () => {
  const gateway = {
    kind: 'notice' as const,
    gateway: 'line-3',
    id: `line-3@${AT - 900_000}#1`,
    type: 'OFFLINE' as const,
    at: AT,
  };
  assert.deepEqual(plainText({ output: gateway, facts: null }, BERLIN), [
    'OFFLINE: gateway line-3 has gone silent, 2026-11-23 12:05:30 (Europe/Berlin)',
    'silent since 2026-11-23 11:50:30 (15 min)',
    'look at the gateway: its power, its network, and whether its component runs; until then its line is unwatched',
    `notice line-3@${AT - 900_000}#1`,
  ]);
  const cylinder = { ...gateway, cylinder: 'cyl-07', type: 'ONLINE' as const };
  assert.match(
    plainText({ output: cylinder, facts: FACTS }, BERLIN)[0] ?? '',
    /^ONLINE: cyl-07 \(gateway line-3\) is heard again, /,
  );
  assert.equal(plainText({ output: cylinder, facts: FACTS }, BERLIN).length, 3);
});

test('a notice of a cylinder whose gateway is not known names the cylinder alone', () => {
  assert.match(
    plainText({ output: notice('RAISED'), facts: null }, BERLIN)[0] ?? '',
    /^RAISED WARNING: cyl-07 stays/,
  );
});

test('a Korean technician reads the same in Korean', () => {
  const reader = { timeZone: 'Asia/Seoul', language: 'ko' as const };
  assert.deepEqual(plainText({ output: notice('RAISED'), facts: FACTS }, reader), [
    '[이상 발생(경고)] cyl-07 (게이트웨이 line-3): 이상 상태가 계속되고 있습니다, 2026-11-23 20:05:30 (Asia/Seoul)',
    '2026-11-23 19:55:00부터 이상 (10분 30초 경과)',
    '최근 1분 중 88%가 이상, 이상 확률 0.93',
    '변화가 큰 센서: Z축 진동 5.68 mm/s (평소 1.23~2.35), 속도 512 RPM (평소 0~1181)',
    '점검 - 베어링: 윤활, 유격, 이음을 확인하십시오. 진동과 발열이 함께 나타납니다',
    '알림 cyl-07@5#2',
  ]);
});
