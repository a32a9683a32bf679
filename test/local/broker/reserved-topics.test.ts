import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closed, collect, startBroker } from './broker-fixture.ts';

const TOPIC = 'sentinel/notices/local/cyl-1';

test('a client that publishes a notice is acknowledged and stays connected, and nobody gets it', async (t) => {
  const { broker, connect, lines, received } = await startBroker(t);
  const reader = await connect({ clientId: 'reader' });
  await reader.subscribeAsync('#', { qos: 1 });
  const { first } = collect(reader);
  const forger = await connect({ clientId: 'forger' });
  for (const qos of [0, 1, 2] as const) await forger.publishAsync(TOPIC, `forged ${qos}`, { qos });
  await forger.publishAsync('sentinel/notices', 'forged', { qos: 1 });
  await forger.publishAsync(TOPIC, 'forged and retained', { qos: 1, retain: true });
  await forger.publishAsync('greengrass/ml/inference/gw/cyl-1', 'a sample', { qos: 1 });
  await broker.publish(TOPIC, 'ours');
  assert.deepEqual(await first(2), ['a sample', 'ours']);
  assert.equal(forger.connected, true);
  assert.equal(received.length, 1);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /forger published on sentinel\/notices\/local\/cyl-1, where only the pipeline does/,
  );

  const late = await connect({ clientId: 'late' });
  const { first: firstLate } = collect(late);
  await late.subscribeAsync('sentinel/notices/#', { qos: 1 });
  await broker.publish(TOPIC, 'ours again');
  assert.deepEqual(await firstLate(1), ['ours again']);
});

test('no notice comes of the will of a client that goes away', async (t) => {
  const { broker, connect, lines } = await startBroker(t);
  const reader = await connect({ clientId: 'reader' });
  await reader.subscribeAsync(['sentinel/notices/#', 'other'], { qos: 1 });
  const { first } = collect(reader);
  const will = { payload: Buffer.from('forged'), qos: 1, retain: false } as const;
  const dying = await connect({ clientId: 'dying', will: { ...will, topic: TOPIC } });
  const gone = closed(dying);
  dying.stream.destroy();
  await gone;
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await broker.publish('other', 'the next');
  assert.deepEqual(await first(1), ['the next']);
});
