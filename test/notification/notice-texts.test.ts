import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Notice } from '../../domain/notice/notice.ts';
import { noticeChat } from '../../notification/chat.ts';
import { noticeEmail } from '../../notification/email.ts';
import { LANGUAGES } from '../../notification/locales/languages.ts';
import { plainText } from '../../notification/notice-view.ts';
import { noticeSms } from '../../notification/sms.ts';
import type { Reader } from '../../notification/time-text.ts';
import { CAME_BACK, EVERY_NOTICE } from '../fixture/notice-samples.ts';

const NOTICES = [...EVERY_NOTICE, ...CAME_BACK];

const section = (title: string, text: string): string => `--- ${title}\n${text}\n`;

const ZONE = /Asia\/Seoul|UTC\+9/g;

/** One notice as it is read everywhere. */
const everywhere = (notice: Notice, reader: Reader): string => {
  const { subject, body } = noticeEmail(notice, reader, 'Ulsan');
  const { content, metadata } = noticeChat(notice, reader, 'Ulsan');
  return [
    section('SMS', noticeSms(notice, reader)),
    section('e-mail', `Subject: ${subject}\n\n${body}`),
    section('chat', [content.title, content.description, ...(content.nextSteps ?? [])].join('\n')),
    section('chat, in a line', metadata.summary),
    section('console', plainText(notice, reader).join('\n')),
  ].join('');
};

for (const language of LANGUAGES) {
  // To take over what was changed on purpose: node --test --test-update-snapshots test/notification/notice-texts.test.ts
  test(`every notice reads everywhere as it is written down, in ${language}`, (t) => {
    const reader = { language, timeZone: 'Asia/Seoul' };
    const texts = NOTICES.map(([name, notice]) => `===== ${name}\n${everywhere(notice, reader)}`);
    const file = fileURLToPath(new URL(`../fixture/notice-texts/${language}.txt`, import.meta.url));
    t.assert.fileSnapshot(texts.join('\n'), file, { serializers: [String] });
  });
}

test('every text names the zone of its times, once', () => {
  for (const language of LANGUAGES) {
    for (const [name, notice] of NOTICES) {
      const reader = { language, timeZone: 'Asia/Seoul' };
      const { subject, body } = noticeEmail(notice, reader, 'Ulsan');
      const { content, metadata } = noticeChat(notice, reader, 'Ulsan');
      const chat = `${content.title}\n${content.description}`;
      const console = plainText(notice, reader).join('\n');
      for (const text of [noticeSms(notice, reader), subject, body, chat, metadata.summary, console])
        assert.equal(text.match(ZONE)?.length, 1, `${name}: ${text}`);
    }
  }
});
