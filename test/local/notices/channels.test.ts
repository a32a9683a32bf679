import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createWebhookChannel, retryAfterMs } from '../../../local/notices/channels.ts';
import { noticeRecord } from '../../../notification/notice-record.ts';
import { noticeOf } from '../../fixture/notice-samples.ts';
import { serveRequests } from './serve-webhook.ts';

const NOW = 1_795_860_453_271;
const never = new AbortController().signal;

const channelTo = (origin: string, timeoutMs = 30_000) =>
  createWebhookChannel({
    url: `${origin}/hook?key=hidden`,
    secret: 's3cret',
    origin: { site: 'local', language: 'en' },
    now: () => NOW,
    timeoutMs,
  });

const answering = async (t: TestContext, status: number, headers: Record<string, string> = {}) => {
  const { origin } = await serveRequests(t, (response) => response.writeHead(status, headers).end('a body'));
  const outcome = await channelTo(origin).deliver(noticeOf('RAISED'), never);
  return { origin, outcome };
};

test('a notice is POSTed as JSON, signed over time and body, with its id as the idempotency key', async (t) => {
  const { requests, origin } = await serveRequests(t, (response) => response.writeHead(204).end());
  assert.deepEqual(await channelTo(origin).deliver(noticeOf('RAISED'), never), { kind: 'told' });
  const [request] = requests;
  assert.ok(request !== undefined);
  const { method, url, body, headers } = request;
  assert.deepEqual([method, url], ['POST', '/hook?key=hidden']);
  assert.deepEqual(JSON.parse(body), noticeRecord(noticeOf('RAISED'), { site: 'local', language: 'en' }));
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['idempotency-key'], 'cyl-07@1763800000000#1');
  const expected = createHmac('sha256', 's3cret').update(`1795860453.${body}`).digest('hex');
  assert.equal(headers['sentinel-signature'], `t=1795860453,v1=${expected}`);
});

for (const status of [400, 401, 404, 410, 422])
  test(`HTTP ${status} is a refusal, and no secret of the address is in its words`, async (t) => {
    const { origin, outcome } = await answering(t, status);
    assert.deepEqual(outcome, { kind: 'refused', reason: `HTTP ${status} from ${origin}` });
  });

for (const status of [408, 429, 500, 503])
  test(`HTTP ${status} is tried again, when it says so`, async (t) => {
    const { origin, outcome } = await answering(t, status, { 'retry-after': '120' });
    assert.deepEqual(outcome, {
      kind: 'failed',
      reason: `HTTP ${status} from ${origin}`,
      retryAfterMs: 120_000,
    });
  });

test('a redirection is not followed: it says where it leads, and is tried again', async (t) => {
  const { origin, outcome } = await answering(t, 302, { location: 'https://portal.example/login?x=1' });
  const reason = `HTTP 302 from ${origin}, which leads to https://portal.example`;
  assert.deepEqual(outcome, { kind: 'failed', reason });
});

test('a server that is not there, one that hangs and a stop are failures', {
  timeout: 300_000,
}, async (t) => {
  const { origin } = await serveRequests(t, () => undefined);
  const hanging = await channelTo(origin, 50).deliver(noticeOf('RAISED'), never);
  assert.deepEqual(hanging, { kind: 'failed', reason: `${origin}: no answer within 0.05 s` });
  const stop = new AbortController();
  const running = channelTo(origin).deliver(noticeOf('RAISED'), stop.signal);
  stop.abort();
  assert.equal((await running).kind, 'failed');
  const closed = await channelTo('http://127.0.0.1:9').deliver(noticeOf('RAISED'), never);
  assert.equal(closed.kind, 'failed');
});

test('Retry-After is seconds or a date, and at most a day', () => {
  assert.equal(retryAfterMs(null, NOW), null);
  assert.equal(retryAfterMs('soon', NOW), null);
  assert.equal(retryAfterMs('0', NOW), 0);
  assert.equal(retryAfterMs('7', NOW), 7000);
  assert.equal(retryAfterMs('99999999', NOW), 86_400_000);
  assert.equal(retryAfterMs(new Date(NOW + 60_000).toUTCString(), NOW), 60_000 - (NOW % 1000));
  assert.equal(retryAfterMs(new Date(NOW - 60_000).toUTCString(), NOW), 0);
});
