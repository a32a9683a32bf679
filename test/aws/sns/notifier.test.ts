import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSnsNotifier } from '../../../aws/sns/notifier.ts';
import { driftNotice } from '../../../domain/fold/note-samples.ts';
import type { Notice } from '../../../domain/notice/notice.ts';
import { noticeChat } from '../../../notification/chat.ts';
import { noticeEmail } from '../../../notification/email.ts';
import type { Language } from '../../../notification/locales/languages.ts';
import { noticeRecord } from '../../../notification/notice-record.ts';
import { noticeSms } from '../../../notification/sms.ts';
import { notifierContract } from '../../contract/notifier-contract.ts';
import { EVERY_NOTICE, FACTS, noticeOf, SILENT_GATEWAY } from '../../fixture/notice-samples.ts';
import { type FilterPolicy, isDelivered } from './filter-policy.ts';
import { startSns } from './server.ts';

const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:alerts';

const settings = (language: Language = 'en', site = 'Ulsan') => ({
  topicArn: TOPIC,
  site,
  language,
  timeZone: 'Asia/Seoul',
});

notifierContract('the notifier on SNS', async () => {
  const sns = await startSns();
  return {
    notifier: createSnsNotifier({ client: sns.client, ...settings() }),
    notified: () => Promise.resolve(sns.published.map(({ attributes }) => attributes.id ?? '')),
    breakDown: () => sns.refuse({ status: 500, code: 'InternalError' }),
    repair: () => sns.refuse(null),
    close: sns.close,
  };
});

for (const language of ['en', 'ko'] as const) {
  test(`every subscriber of the one topic gets what is for them, in ${language}`, async () => {
    const sns = await startSns();
    const reader = { language, timeZone: 'Asia/Seoul' };
    const notice = noticeOf('RAISED');
    await createSnsNotifier({ client: sns.client, ...settings(language) }).notify(notice);
    const [message, ...others] = sns.published;
    await sns.close();
    assert.deepEqual(others, []);
    assert.deepEqual([message?.topicArn, message?.structure], [TOPIC, 'json']);
    const { subject, body } = noticeEmail(notice, reader, 'Ulsan');
    assert.equal(message?.subject, subject);
    const { default: rest, https, email, sms, ...machines } = message.messages;
    assert.deepEqual([email, sms], [body, noticeSms(notice, reader)]);
    const chat = JSON.stringify(noticeChat(notice, reader, 'Ulsan'));
    assert.deepEqual([https, rest], [chat, chat]);
    assert.deepEqual(Object.keys(machines).sort(), ['email-json', 'firehose', 'http', 'lambda', 'sqs']);
    for (const data of Object.values(machines))
      assert.deepEqual(JSON.parse(data), noticeRecord(notice, { site: 'Ulsan', language }));
  });
}

test('drift is told to operators, and to nobody who mends cylinders', async () => {
  const sns = await startSns();
  const operatorTopicArn = TOPIC.replace('alerts', 'operators');
  const notifier = createSnsNotifier({ client: sns.client, ...settings(), operatorTopicArn });
  const found = [{ what: 'wRMSCurrent', kind: 'stuck' }] as const;
  const drifts = (['DRIFTED', 'SETTLED'] as const).map((type): Notice => {
    const event = { type, since: 1_763_800_000_000, found };
    return { output: driftNotice('cyl-07', 'line-3', event, 1_763_800_060_000), facts: null };
  });
  const others = EVERY_NOTICE.map(([, notice]) => notice);
  for (const notice of [...drifts, ...others]) await notifier.notify(notice);
  await sns.close();
  const told = (topic: string) =>
    sns.published.flatMap(({ topicArn, attributes }) => (topicArn === topic ? [attributes.kind] : []));
  assert.deepEqual(told(operatorTopicArn), ['DRIFTED', 'SETTLED']);
  assert.equal(told(TOPIC).length, others.length);
});

test('subscriptions can filter by site, gateway, cylinder, severity, kind and language, known or not', async () => {
  const sns = await startSns();
  await createSnsNotifier({ client: sns.client, ...settings() }).notify(noticeOf('RAISED'));
  await createSnsNotifier({ client: sns.client, ...settings('ko', ' \n') }).notify(SILENT_GATEWAY);
  await sns.close();
  assert.deepEqual(
    sns.published.map(({ attributes }) => attributes),
    [
      {
        site: 'Ulsan',
        gateway: 'line-3',
        cylinder: 'cyl-07',
        severity: 'warning',
        kind: 'RAISED',
        language: 'en',
        id: 'cyl-07@1763800000000#1',
      },
      {
        site: 'none',
        gateway: 'line-3',
        cylinder: 'none',
        severity: 'none',
        kind: 'OFFLINE',
        language: 'ko',
        id: SILENT_GATEWAY.output.id,
      },
    ],
  );
});

test('a notice of whatever kind, of what is not known even, has every attribute', async () => {
  const sns = await startSns();
  const notifier = createSnsNotifier({ client: sns.client, ...settings('en', '') });
  for (const [, notice] of EVERY_NOTICE) await notifier.notify({ ...notice, facts: null });
  await sns.close();
  for (const { attributes } of sns.published)
    assert.deepEqual(Object.keys(attributes).sort(), [
      'cylinder',
      'gateway',
      'id',
      'kind',
      'language',
      'severity',
      'site',
    ]);
});

const FILTERS: readonly (readonly [what: string, policy: FilterPolicy, kinds: readonly string[]])[] = [
  ['who is woken', { severity: ['alarm'] }, ['ESCALATED']],
  ['who looks after gateways, silent ones too', { severity: ['alarm', 'none'] }, ['ESCALATED', 'OFFLINE']],
  ['who wants whole gateways alone', { cylinder: ['none'] }, ['OFFLINE']],
  [
    'who wants all but advisories',
    { severity: [{ 'anything-but': ['advisory'] }] },
    ['ESCALATED', 'OFFLINE'],
  ],
  [
    'who has one line',
    { gateway: [{ prefix: 'line-' }], kind: ['RAISED', 'OFFLINE'] },
    ['RAISED', 'OFFLINE'],
  ],
];
for (const [what, policy, kinds] of FILTERS) {
  test(`a subscription of ${what} gets ${kinds.join(' and ')}`, async () => {
    const sns = await startSns();
    const notifier = createSnsNotifier({ client: sns.client, ...settings() });
    await notifier.notify(noticeOf('RAISED', FACTS, 'cyl-07', 'advisory'));
    await notifier.notify(noticeOf('ESCALATED', FACTS, 'cyl-07', 'alarm'));
    await notifier.notify(SILENT_GATEWAY);
    await sns.close();
    const delivered = sns.published.filter(({ attributes }) => isDelivered(policy, attributes));
    assert.deepEqual(
      delivered.map(({ attributes }) => attributes.kind),
      kinds,
    );
  });
}

test('what the attributes say is in the data for machines under the same names', async () => {
  const sns = await startSns();
  const notifier = createSnsNotifier({ client: sns.client, ...settings() });
  for (const [, notice] of EVERY_NOTICE) await notifier.notify(notice);
  await sns.close();
  for (const { messages, attributes } of sns.published) {
    const data: unknown = JSON.parse(messages.sqs ?? '');
    assert.partialDeepStrictEqual(data, attributes);
  }
});

test('every notice is one billed piece: less than 64 KB even with the longest names', async () => {
  const sns = await startSns();
  const name = 'n'.repeat(128);
  await createSnsNotifier({ client: sns.client, ...settings('ko', '울'.repeat(128)) }).notify(
    noticeOf('RAISED', undefined, name),
  );
  await sns.close();
  assert.ok((sns.published[0]?.bytes ?? Number.POSITIVE_INFINITY) < 16_384);
});

for (const [status, code] of [
  [400, 'Throttling'],
  [429, 'ThrottledException'],
  [500, 'InternalError'],
  [503, 'ServiceUnavailable'],
  [403, 'AuthorizationError'],
  [404, 'NotFound'],
] as const) {
  test(`${status} ${code} rejects with the notice's name and the service's error as its cause`, async () => {
    const sns = await startSns();
    sns.refuse({ status, code });
    const notifier = createSnsNotifier({ client: sns.client, ...settings() });
    await assert.rejects(notifier.notify(noticeOf('RAISED')), (error) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.match(error.message, /^SNS did not take notice cyl-07@1763800000000#1: /);
      assert.match(error.message, new RegExp(code.replace('Exception', '')));
      return true;
    });
    await sns.close();
    assert.deepEqual(sns.published, []);
  });
}

test('a service that is not there rejects with the cause', async () => {
  const sns = await startSns();
  await sns.close();
  const notifier = createSnsNotifier({ client: sns.client, ...settings() });
  await assert.rejects(notifier.notify(noticeOf('RAISED')), /SNS did not take notice/);
});
