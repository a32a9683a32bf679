import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { noticeChat } from '../../notification/chat.ts';
import { LANGUAGES } from '../../notification/locales/languages.ts';
import {
  anyNotice,
  anyText,
  EVERY_NOTICE,
  noticeOf,
  OCCURRED,
  SILENT_CYLINDER,
  SILENT_GATEWAY,
  SILENT_SINCE,
} from '../fixture/notice-samples.ts';
import { RUNS } from '../fixture/property-runs.ts';

const EN = { language: 'en' as const, timeZone: 'Europe/Berlin' };
const text = v.pipe(v.string(), v.nonEmpty());

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
const customNotification = v.strictObject({
  version: v.literal('1.0'),
  source: v.literal('custom'),
  id: v.optional(text),
  content: v.strictObject({
    textType: v.literal('client-markdown'),
    title: v.optional(text),
    description: text,
    nextSteps: v.optional(v.pipe(v.array(text), v.nonEmpty())),
    keywords: v.optional(v.array(text)),
  }),
  metadata: v.strictObject({
    threadId: v.optional(v.string()),
    summary: v.optional(text),
    eventType: v.optional(text),
    relatedResources: v.optional(v.array(v.string())),
    additionalContext: v.optional(v.record(text, v.string())),
  }),
});

const isCustomNotification = (value: unknown): boolean =>
  v.is(customNotification, JSON.parse(JSON.stringify(value)));

for (const language of LANGUAGES) {
  for (const [name, notice] of EVERY_NOTICE) {
    test(`${name} in ${language} is a custom notification that names whom it is about`, () => {
      const chat = noticeChat(notice, { language, timeZone: 'UTC' }, 'Ulsan');
      assert.ok(isCustomNotification(chat));
      assert.ok(chat.content.title.includes('cylinder' in notice.output ? 'cyl-07' : 'line-3'));
      assert.equal(chat.metadata.eventType, notice.output.type);
    });
  }
}

test('it says when, why, what to look at and what to type', () => {
  const { content } = noticeChat(noticeOf('RAISED'), EN, 'Ulsan');
  assert.equal(content.title, '⚠️ RAISED WARNING: cyl-07 stays abnormal');
  assert.deepEqual(content.description.split('\n'), [
    '*Site:* Ulsan',
    '*Gateway:* line-3',
    '*When:* abnormal since 2026-11-23 11:55:00 (10 min 30 s)',
    '*Noticed:* 2026-11-23 12:05:30 (Europe/Berlin)',
    '*Why:* 88 % of the last minute abnormal, probability 0.93; vibration Z 5.68 mm/s (usually 1.23–2.35); temperature 61.2 °C (usually 44.0–51.6)',
    '*Notice:* cyl-07@1763800000000#1',
  ]);
  assert.deepEqual(content.nextSteps, [
    'look at the bearing: lubrication, play and noise; it shakes and runs hot',
    'If you take it, say so and the reminders stop: `sentinel ack --cylinder cyl-07 --aws`',
  ]);
  assert.deepEqual(content.keywords, ['RAISED WARNING', 'cyl-07', 'line-3', 'Ulsan']);
});

test('one incident is one thread, and so is one silence from its beginning to its end', () => {
  const threads = [noticeOf('RAISED'), noticeOf('ESCALATED'), OCCURRED, SILENT_GATEWAY, SILENT_CYLINDER].map(
    (notice) => noticeChat(notice, EN, '').metadata.threadId,
  );
  const incident = 'cyl-07@1763800000000';
  assert.deepEqual(threads, [
    incident,
    incident,
    incident,
    `line-3@${SILENT_SINCE}`,
    `line-3/cyl-07@${SILENT_SINCE}`,
  ]);
});

test('for custom actions it carries what is known by the names of the filter attributes', () => {
  assert.deepEqual(noticeChat(noticeOf('RAISED'), EN, 'Ulsan').metadata.additionalContext, {
    site: 'Ulsan',
    gateway: 'line-3',
    cylinder: 'cyl-07',
    incident: 'cyl-07@1763800000000',
    severity: 'warning',
    kind: 'RAISED',
    id: 'cyl-07@1763800000000#1',
    at: '2026-11-23T11:05:30.000Z',
    beganAt: '2026-11-23T10:55:00.000Z',
  });
  assert.deepEqual(Object.keys(noticeChat(SILENT_GATEWAY, EN, '').metadata.additionalContext), [
    'gateway',
    'kind',
    'id',
    'at',
    'beganAt',
  ]);
});

test('whatever the names and values, it is a custom notification, without a tag or mention that nobody wrote', () => {
  fc.assert(
    fc.property(anyNotice, anyText, fc.constantFrom(...LANGUAGES), (notice, site, language) => {
      const chat = noticeChat(notice, { language, timeZone: 'UTC' }, site);
      assert.ok(isCustomNotification(chat));
      const shown = [chat.content.title, chat.content.description, chat.metadata.summary];
      assert.doesNotMatch(shown.join(''), /[<>`]/);
    }),
    RUNS,
  );
});
