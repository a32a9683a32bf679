import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from '../../domain/message/read-message.ts';
import { createBroker } from '../../local/broker/create-broker.ts';
import { type Request, startServer } from '../aws/start-server.ts';
import { runSentinel } from './run-sentinel.ts';

test('a sample is published to a pipeline that runs, in the form that gateways send', async () => {
  const received: { topic: string; body: Uint8Array }[] = [];
  const broker = await createBroker({
    host: '127.0.0.1',
    port: 0,
    receive: (message) => {
      received.push(message);
      return Promise.resolve();
    },
    log: () => undefined,
  });
  const to = `mqtt://127.0.0.1:${broker.port}`;
  const sent = await runSentinel(['send', '--to', to, '--cylinder', 'cyl-01', '--probability', '0.97']);
  await broker.close();
  assert.deepEqual(sent, { code: 0, out: '1 sample on greengrass/ml/inference/desk/cyl-01', errors: '' });
  const [message] = received;
  assert.ok(message !== undefined);
  const { samples, rejections } = readMessage({ ...message, receivedAt: Date.now(), client: null });
  assert.deepEqual([samples.length, rejections], [1, []]);
  assert.deepEqual([samples[0]?.cylinder, samples[0]?.gateway, samples[0]?.seq], ['cyl-01', 'desk', 0]);
  assert.ok(Math.abs((samples[0]?.probability ?? 0) - 0.97) < 1e-6);
});

const STACK = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName><Outputs><member>
<OutputKey>InferenceTopicFilter</OutputKey><OutputValue>busan/inference/#</OutputValue></member></Outputs></member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>`;

test('a sample is published to AWS under the topic that the stack takes in', async () => {
  const asked: Request[] = [];
  const aws = await startServer((request) => {
    asked.push(request);
    if (request.path.startsWith('/topics/')) return { status: 200, body: '{}' };
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: STACK };
  });
  const sent = await runSentinel([
    ...['send', '--stage', 'busan', '--cylinder', 'cyl-01', '--gateway', 'g'],
    ...['--endpoint', aws.endpoint],
  ]);
  await aws.close();
  assert.deepEqual(sent, { code: 0, out: '1 sample on busan/inference/g/cyl-01', errors: '' });
  const publish = asked.find(({ path }) => path.startsWith('/topics/'));
  assert.equal(decodeURIComponent(publish?.path ?? ''), '/topics/busan/inference/g/cyl-01');
  const body = publish?.body ?? new Uint8Array();
  const raw = { topic: 'busan/inference/g/cyl-01', body, receivedAt: Date.now(), client: null };
  assert.equal(readMessage(raw, { prefix: 'busan/inference' }).samples.length, 1);
});

test('what makes no sense is refused before anything is sent', async () => {
  for (const args of [
    ['--probability', '2'],
    ['--cylinder', 'a b'],
    ['--to', 'mqtt://x', '--aws'],
  ]) {
    const { code, out } = await runSentinel(['send', '--cylinder', 'c', ...args]);
    assert.deepEqual([code, out], [2, '']);
  }
  const { code, errors } = await runSentinel(['send', '--cylinder', 'c', '--to', 'mqtt://127.0.0.1:9']);
  assert.equal(code, 2);
  assert.match(errors, /^sentinel: no broker at mqtt:\/\/127\.0\.0\.1:9: start one/);
});
