import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Notice } from '../../domain/notice/notice.ts';
import { LANGUAGES } from '../../notification/locales/languages.ts';
import { noticeSms } from '../../notification/sms.ts';
import {
  AT,
  anyName,
  anyNotice,
  EVERY_NOTICE,
  FACTS,
  noticeOf,
  OCCURRED,
  OVER,
  SILENT_CYLINDER,
  SILENT_GATEWAY,
} from '../fixture/notice-samples.ts';
import { RUNS } from '../fixture/property-runs.ts';

const EN = { language: 'en' as const, timeZone: 'Europe/Berlin' };
const KO = { language: 'ko' as const, timeZone: 'Asia/Seoul' };

const TEXTS: readonly (readonly [Notice, en: string, ko: string])[] = [
  [
    noticeOf('RAISED'),
    'WARNING: cyl-07 abnormal since 11-23 11:55 UTC+1 (10 min 30 s), vibration Z 5.68 mm/s, line-3',
    '경고: cyl-07 이상 지속 11-23 19:55 UTC+9부터(10분 30초), Z축 진동 5.68 mm/s, line-3',
  ],
  [
    noticeOf('RECOVERED', OVER),
    'RECOVERED WARNING: cyl-07 back to normal at 11-23 12:05 UTC+1 (abnormal 11:55 to 11:59), line-3',
    '이상 종료(경고): cyl-07 정상 복귀 11-23 20:05 UTC+9 (이상 19:55~19:59), line-3',
  ],
  [
    noticeOf('RECOVERED', { ...FACTS, beganAt: null, lastAbnormalAt: null }),
    'RECOVERED WARNING: cyl-07 back to normal at 11-23 12:05 UTC+1, line-3',
    '이상 종료(경고): cyl-07 정상 복귀 11-23 20:05 UTC+9, line-3',
  ],
  [
    noticeOf('ESCALATED', { ...FACTS, beganAt: AT - 86_400_000 }),
    'WARNING: cyl-07 got worse at 11-23 12:05 UTC+1, abnormal since 11-22 12:05 (1 d), vibration Z 5.68 mm/s, line-3',
    '경고: cyl-07 이상 악화 11-23 20:05 UTC+9, 이상 11-22 20:05부터(1일), line-3',
  ],
  [
    OCCURRED,
    'OCCURRED WARNING: cyl-07 was abnormal 11-23 11:55 UTC+1 to 11:59, learnt late, 3 times, line-3',
    '지난 이상(경고): cyl-07 이상 11-23 19:55 UTC+9~19:59, 늦게 수신, 3회, line-3',
  ],
  [
    SILENT_GATEWAY,
    'OFFLINE: gateway line-3 silent since 11-23 11:45 UTC+1 (20 min)',
    '통신 두절: 게이트웨이 line-3 수신 끊김 11-23 19:45 UTC+9부터(20분)',
  ],
  [
    SILENT_CYLINDER,
    'OFFLINE: cyl-07 silent since 11-23 11:45 UTC+1 (20 min), line-3',
    '통신 두절: cyl-07 수신 끊김 11-23 19:45 UTC+9부터(20분), line-3',
  ],
  [
    noticeOf('RAISED', null),
    'WARNING: cyl-07 abnormal at 11-23 12:05 UTC+1',
    '경고: cyl-07 이상 지속 11-23 20:05 UTC+9',
  ],
];
for (const [notice, en, ko] of TEXTS) {
  test(`${en}; ${ko}`, () => assert.deepEqual([noticeSms(notice, EN), noticeSms(notice, KO)], [en, ko]));
}

test('every kind of notice fits one part, in either language', () => {
  for (const [name, notice] of EVERY_NOTICE) {
    assert.match(noticeSms(notice, EN), /^[\x20-\x7e]{1,140}$/, name);
    assert.ok(noticeSms(notice, KO).length <= 70, name);
  }
});

test('nobody is woken by the severity of what is over', () => {
  for (const notice of [noticeOf('RECOVERED', OVER), OCCURRED]) {
    assert.match(noticeSms(notice, EN), /^(RECOVERED|OCCURRED) WARNING: /);
    assert.match(noticeSms(notice, KO), /^(이상 종료|지난 이상)\(경고\): /);
  }
});

test('a degree sign does not halve what fits an English one', () => {
  const deviations = FACTS.deviations.toReversed();
  const text = noticeSms(noticeOf('RAISED', { ...FACTS, deviations }), EN);
  assert.match(text, /temperature 61\.2 C/);
  assert.match(noticeSms(noticeOf('RAISED', { ...FACTS, deviations }), KO), /온도 61\.2 °C/);
});

const named = (cylinder: string): Notice => noticeOf('RAISED', FACTS, cylinder);

test('what fits no more goes in the order of its worth: the gateway, the sensor, how long', () => {
  const texts = [12, 18, 28, 36].map((length) => noticeSms(named('c'.repeat(length)), KO));
  assert.deepEqual(
    texts.map((text) => [
      /line-3/.test(text),
      /진동/.test(text),
      /10분/.test(text),
      /19:55 UTC\+9부터/.test(text),
    ]),
    [
      [false, true, true, true],
      [true, false, true, true],
      [false, false, true, true],
      [false, false, false, true],
    ],
  );
});

test('a cylinder is named in full, in two parts where it takes them; only one too long for two is shortened', () => {
  const twoParts = `press-${'4'.repeat(60)}-left`;
  assert.ok(noticeSms(named(twoParts), KO).includes(twoParts));
  const long = `press-${'4'.repeat(112)}-left`;
  const korean = noticeSms(named(long), KO);
  assert.ok(korean.length <= 134);
  assert.match(korean, /^경고: press-4+\.\.4+-left 이상 지속 11-23 19:55 UTC\+9부터$/);
  assert.match(
    noticeSms(named(long), EN),
    /^WARNING: press-4+\.\.4+-left abnormal since 11-23 11:55 UTC\+1$/,
  );
});

test('whatever the names and values, it is at most 140 characters on one line, and no character is cut in two', () => {
  fc.assert(
    fc.property(anyNotice, fc.constantFrom(...LANGUAGES), (notice, language) => {
      const text = noticeSms(notice, { language, timeZone: 'Asia/Seoul' });
      assert.ok(text.length <= (/^[\x20-\x7e]*$/.test(text) ? 140 : 134), `${text.length}: ${text}`);
      assert.ok(text.isWellFormed());
      assert.doesNotMatch(text, /\p{Cc}|\p{Zl}|\p{Zp}/u);
      assert.match(text, /\d\d-\d\d \d\d:\d\d/);
    }),
    RUNS,
  );
});

test('whatever its name, the cylinder and the severity are in it', () => {
  fc.assert(
    fc.property(anyName, fc.constantFrom(...LANGUAGES), (cylinder, language) => {
      const text = noticeSms(named(cylinder), { language, timeZone: 'Asia/Seoul' });
      assert.ok(text.startsWith(language === 'en' ? 'WARNING: ' : '경고: '));
      const name = text.split(' ')[1] ?? '';
      const [head = '', tail = ''] = name.split('..');
      assert.ok(name === cylinder || (cylinder.startsWith(head) && cylinder.endsWith(tail)));
      if (cylinder.length <= 80) assert.equal(name, cylinder);
    }),
    RUNS,
  );
});
