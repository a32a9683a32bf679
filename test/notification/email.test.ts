import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noticeEmail } from '../../notification/email.ts';
import { LANGUAGES } from '../../notification/locales/languages.ts';
import {
  ABNORMAL_TYPES,
  anyNotice,
  anyText,
  EVERY_NOTICE,
  FACTS,
  noticeOf,
  OVER,
  QUIET,
  SILENT_CYLINDER,
  SILENT_GATEWAY,
  unwatchedBy,
} from '../fixture/notice-samples.ts';
import { RUNS } from '../fixture/property-runs.ts';

const READERS = LANGUAGES.map((language) => ({ language, timeZone: 'Asia/Seoul' }));
const [ENGLISH, KOREAN] = [
  { language: 'en' as const, timeZone: 'Europe/Berlin' },
  { language: 'ko' as const, timeZone: 'Asia/Seoul' },
];

test('a technician woken at night reads what, where, since when, how bad, why, what to check and what to type', () => {
  const { subject, body } = noticeEmail(noticeOf('RAISED'), ENGLISH, 'Ulsan');
  assert.equal(subject, '[RAISED WARNING] cyl-07 abnormal since 11-23 11:55 UTC+1 (Ulsan, line-3)');
  assert.deepEqual(body.split('\n'), [
    'RAISED WARNING: cyl-07 stays abnormal',
    '',
    'Cylinder: cyl-07',
    'Site: Ulsan',
    'Gateway: line-3',
    'Severity: WARNING',
    'When: abnormal since 2026-11-23 11:55:00 (10 min 30 s)',
    'Noticed: 2026-11-23 12:05:30 (Europe/Berlin)',
    '',
    'Why',
    '  88 % of the last minute abnormal, probability 0.93',
    '  vibration Z 5.68 mm/s (usually 1.23–2.35)',
    '  temperature 61.2 °C (usually 44.0–51.6)',
    '',
    'What to check',
    '  the bearing: lubrication, play and noise; it shakes and runs hot',
    '',
    'If you take it, say so and the reminders stop',
    '  sentinel ack --cylinder cyl-07 --aws',
    '',
    'Incident: cyl-07@1763800000000',
    'Notice: cyl-07@1763800000000#1',
  ]);
});

test('the same in Korean, subject and site too', () => {
  const { subject, body } = noticeEmail(noticeOf('RAISED'), KOREAN, '울산 1공장');
  assert.equal(subject, '[이상 발생(경고)] cyl-07 이상 지속 11-23 19:55 UTC+9부터 (울산 1공장, line-3)');
  for (const line of [
    '[이상 발생(경고)] cyl-07: 이상 상태가 계속되고 있습니다',
    '실린더: cyl-07',
    '사업장: 울산 1공장',
    '게이트웨이: line-3',
    '등급: 경고',
    '기간: 2026-11-23 19:55:00부터 이상 (10분 30초 경과)',
    '알림 시각: 2026-11-23 20:05:30 (Asia/Seoul)',
    '  최근 1분 중 88%가 이상, 이상 확률 0.93',
    '  Z축 진동 5.68 mm/s (평소 1.23~2.35)',
    '  베어링: 윤활, 유격, 이음을 확인하십시오. 진동과 발열이 함께 나타납니다',
    '  sentinel ack --cylinder cyl-07 --aws',
    '알림 번호: cyl-07@1763800000000#1',
  ])
    assert.ok(body.split('\n').includes(line), `${line} is missing in\n${body}`);
});

for (const [name, notice] of EVERY_NOTICE) {
  for (const reader of READERS) {
    test(`${name} in ${reader.language} names whom it is about, its gateway, site, time and notice`, () => {
      const { subject, body } = noticeEmail(notice, reader, 'Ulsan');
      const { output, facts } = notice;
      const names = 'cylinder' in output ? [output.cylinder] : [output.gateway];
      if (facts !== null) names.push('line-3');
      for (const part of [...names, 'Ulsan', '2026-11-23 20:05:30', output.id]) {
        assert.ok(body.includes(part), `${part} is missing in\n${body}`);
      }
      assert.match(
        subject,
        /^\[[A-Z_ ]+\] (cyl-07|gateway line-3) |^\[[가-힣 ()]+\] (cyl-07|게이트웨이 line-3) /,
      );
    });
  }
}

test('every kind of notice begins with a headline of its own, in either language', () => {
  for (const reader of READERS) {
    const headlines = EVERY_NOTICE.map(
      ([, notice]) => noticeEmail(notice, reader, '').body.split('\n', 1)[0],
    );
    // What differs between the two RAISED is only what is known.
    assert.equal(new Set(headlines).size, EVERY_NOTICE.length - 1);
  }
});

test('no English word is left in a Korean e-mail but names, units and what is to be typed', () => {
  for (const [name, notice] of EVERY_NOTICE) {
    const left = noticeEmail(notice, KOREAN, '')
      .body.replace(/^ {2}sentinel .*$/m, '')
      .replaceAll(/(cyl-07|line-3)[@#\d]*|mm\/s|RPM|°C|Asia\/Seoul|samplePeriodMs|warmUpMs/g, '');
    assert.doesNotMatch(left, /[A-Za-z]{2,}/, name);
  }
});

test('what is abnormal is to be acknowledged, what is over to be closed, and silence neither', () => {
  const command = (body: string): string | undefined => /sentinel .*/.exec(body)?.[0];
  for (const [, notice] of EVERY_NOTICE) {
    const { type } = notice.output;
    const expected = ABNORMAL_TYPES.some((abnormal) => abnormal === type)
      ? 'sentinel ack --cylinder cyl-07 --aws'
      : 'sentinel close --cylinder cyl-07 --outcome fault|no-fault-found|sensor|planned-work --aws';
    const isSilence = ['OFFLINE', 'ONLINE', 'UNWATCHED', 'WATCHED'].includes(type);
    assert.equal(command(noticeEmail(notice, ENGLISH, '').body), isSilence ? undefined : expected);
  }
});

test('of a silent gateway its power and network are to be checked, of a cylinder alone its sensors', () => {
  assert.match(noticeEmail(SILENT_GATEWAY, ENGLISH, '').body, /What to check\n {2}the gateway: its power/);
  assert.match(
    noticeEmail(SILENT_CYLINDER, ENGLISH, '').body,
    /What to check\n {2}its sensors and their cables/,
  );
  assert.match(noticeEmail(SILENT_GATEWAY, KOREAN, '').body, /점검할 곳\n {2}게이트웨이: 전원/);
});

test('of a cylinder that is heard in vain what to check depends on the reason', () => {
  assert.match(noticeEmail(unwatchedBy('ahead'), ENGLISH, '').body, /clock: it is ahead/);
  assert.match(noticeEmail(unwatchedBy('late'), ENGLISH, '').body, /clock: it is behind; or two gateways/);
  assert.match(noticeEmail(unwatchedBy('coverage'), ENGLISH, '').body, /set samplePeriodMs to that/);
  assert.match(noticeEmail(unwatchedBy('warm-up'), ENGLISH, '').body, /warmUpMs/);
  assert.match(noticeEmail(unwatchedBy('coverage'), KOREAN, '').body, /samplePeriodMs/);
});

test('what is over says until when it was abnormal and when it was over, and nothing of sensors', () => {
  const { body, subject } = noticeEmail(noticeOf('RECOVERED', OVER), ENGLISH, '');
  assert.match(
    body,
    /When: abnormal from 2026-11-23 11:55:00 to 2026-11-23 11:59:30 \(4 min 30 s\), over at 2026-11-23 12:05:00/,
  );
  assert.equal(subject, '[RECOVERED WARNING] cyl-07 back to normal at 11-23 12:05 UTC+1 (line-3)');
  assert.doesNotMatch(body, /Why|vibration/);
});

test('what is open but quiet is nowhere said to be abnormal still', () => {
  for (const type of ABNORMAL_TYPES) {
    const { subject, body } = noticeEmail(noticeOf(type, QUIET), ENGLISH, '');
    assert.match(subject, /cyl-07 quiet since 11-23 12:01 UTC\+1/);
    assert.match(body, /has been quiet since 2026-11-23 12:01:30/);
    assert.match(body, /When: abnormal from 2026-11-23 11:55:00 to 2026-11-23 12:01:30/);
    assert.doesNotMatch(subject + body, /still abnormal|is abnormal|stays abnormal| 0 %/);
  }
});

test('a gateway that is not known is said to be so, and a site without a name is left out', () => {
  const { body, subject } = noticeEmail(noticeOf('RAISED', null), ENGLISH, '');
  assert.match(body, /Gateway: not known/);
  assert.doesNotMatch(body, /Site/);
  assert.equal(subject, '[RAISED WARNING] cyl-07 abnormal at 11-23 12:05 UTC+1');
});

test('of a name too long for the subject its beginning and end are there, and since when', () => {
  const { subject } = noticeEmail(
    noticeOf('SHELF_EXPIRED', FACTS, `press-${'4'.repeat(112)}-left`),
    ENGLISH,
    'Ulsan',
  );
  assert.equal(subject.length, 99);
  assert.match(
    subject,
    /^\[SHELF_EXPIRED WARNING\] press-4+\.\.4+-left still abnormal since 11-23 11:55 UTC\+1, shelf over$/,
  );
});

test('whatever the names and values, the subject is one line of less than 100 characters', () => {
  fc.assert(
    fc.property(anyNotice, anyText, fc.constantFrom(...READERS), (notice, site, reader) => {
      const { subject } = noticeEmail(notice, reader, site);
      assert.match(subject, /^\[[^\p{Cc}\p{Zl}\p{Zp}]{1,98}$/u);
      assert.ok(subject.isWellFormed() && subject.length < 100);
    }),
    RUNS,
  );
});

test('whatever the names, none of them adds a line to the body', () => {
  fc.assert(
    fc.property(anyNotice, anyText, fc.constantFrom(...READERS), (notice, site, reader) => {
      const { body } = noticeEmail(notice, reader, site);
      assert.ok(body.isWellFormed());
      assert.doesNotMatch(body.replaceAll('\n', ''), /\p{Cc}/u);
      assert.ok(body.split('\n').length <= 24);
    }),
    RUNS,
  );
});
