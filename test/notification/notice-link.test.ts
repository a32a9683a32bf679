import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeChat } from '../../notification/chat.ts';
import { noticeEmail } from '../../notification/email.ts';
import { LANGUAGES } from '../../notification/locales/languages.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import { plainText } from '../../notification/notice-view.ts';
import { noticeSms } from '../../notification/sms.ts';
import { EVERY_NOTICE, noticeOf } from '../fixture/notice-samples.ts';

const LINK = `https://abcdefghij.execute-api.eu-central-1.amazonaws.com/i/${'x'.repeat(27)}.${'y'.repeat(16)}`;
const linkTo = (): string => LINK;

for (const language of LANGUAGES)
  for (const [name, notice] of EVERY_NOTICE) {
    const reader = { timeZone: 'Asia/Seoul', language, linkTo };

    test(`${name} in ${language} has its link in every text and in the data`, () => {
      const texts = [
        noticeEmail(notice, reader, 'plant').body,
        JSON.stringify(noticeChat(notice, reader, 'plant')),
        plainText(notice, reader).join('\n'),
      ];
      for (const text of texts) assert.ok(text.includes(LINK), text);
      assert.equal(noticeRecord(notice, { site: 'plant', language, linkTo }).link, LINK);
    });

    test(`${name} in ${language} fits an SMS with its link, or two where it is not of ASCII`, () => {
      const text = noticeSms(notice, reader);
      const isAscii = /^[\x20-\x7e]*$/.test(text);
      assert.ok(text.length <= (isAscii ? 140 : 134), `${text.length}: ${text}`);
      assert.ok(text.endsWith(` ${LINK}`), text);
    });
  }

test('a link that leaves an SMS no room is left out, and the words are as they were', () => {
  const notice = noticeOf('RAISED');
  const reader = { timeZone: 'UTC' };
  const long = `${LINK}${'z'.repeat(100)}`;
  assert.equal(noticeSms(notice, { ...reader, linkTo: () => long }), noticeSms(notice, reader));
});

test('without a desk no text and no data speaks of a link', () => {
  for (const [, notice] of EVERY_NOTICE)
    assert.ok(!('link' in noticeRecord(notice, { site: 'plant', language: 'en' })));
});
