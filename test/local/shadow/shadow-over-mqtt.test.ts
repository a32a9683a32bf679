import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createShadowService, type ShadowService } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { type BrokerFixture, startBroker } from '../broker/broker-fixture.ts';

const TWIN = '$aws/things/cyl-1/shadow/name/twin';

/** A broker with the shadow service behind it, as the local pipeline wires them. */
const start = async (
  t: Parameters<typeof startBroker>[0],
): Promise<BrokerFixture & { service: ShadowService }> => {
  const service = createShadowService({
    store: createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' })),
    publish: (topic, payload) => fixture.broker.publish(topic, payload),
    nowMs: () => 1_700_000_000_000,
    onDesired: () => {},
  });
  const fixture: BrokerFixture = await startBroker(t, { shadow: service });
  return { ...fixture, service };
};

test('a client that subscribes, asks and updates the way it does with AWS gets its answers, and writes nothing reported', async (t) => {
  const { connect, service } = await start(t);
  const [device, app] = [await connect({ clientId: 'device' }), await connect({ clientId: 'app' })];
  const received: string[] = [];
  const wait = new Map<string, () => void>();
  device.on('message', (topic, payload) => {
    received.push(`${topic.replace(TWIN, '')} ${payload}`);
    wait.get(topic)?.();
  });
  const answered = (suffix: string) => new Promise<void>((resolve) => wait.set(`${TWIN}${suffix}`, resolve));
  await device.subscribeAsync(
    ['/get/+', '/update/accepted', '/update/rejected', '/update/delta', '/delete/rejected'].map(
      (suffix) => `${TWIN}${suffix}`,
    ),
    { qos: 1 },
  );

  const missing = answered('/get/rejected');
  await device.publishAsync(`${TWIN}/get`, '', { qos: 0 });
  await missing;
  const delta = answered('/update/delta');
  await app.publishAsync(`${TWIN}/update`, '{"state":{"desired":{"ack":1}},"clientToken":"app"}', { qos: 1 });
  await delta;
  const refused = answered('/update/rejected');
  await device.publishAsync(`${TWIN}/update`, '{"state":', { qos: 1 });
  await refused;
  const forged = answered('/update/rejected');
  await device.publishAsync(`${TWIN}/update`, '{"state":{"reported":{"ack":1}},"version":1}', { qos: 1 });
  await forged;
  const done = answered('/update/accepted');
  await service.report('cyl-1', 'twin', { ack: 1 });
  await done;
  const kept = answered('/delete/rejected');
  await device.publishAsync(`${TWIN}/delete`, '', { qos: 1 });
  await kept;

  assert.deepEqual(received, [
    `/get/rejected {"code":404,"message":"No shadow exists with name: 'twin'","timestamp":1700000000}`,
    '/update/accepted {"state":{"desired":{"ack":1}},"metadata":{"desired":{"ack":{"timestamp":1700000000}}},' +
      '"version":1,"timestamp":1700000000,"clientToken":"app"}',
    '/update/delta {"version":1,"timestamp":1700000000,"state":{"ack":1},"metadata":{"ack":{"timestamp":1700000000}},' +
      '"clientToken":"app"}',
    '/update/rejected {"code":400,"message":"Invalid JSON","timestamp":1700000000}',
    '/update/rejected {"code":403,"message":"Forbidden: reported is written by the pipeline alone","timestamp":1700000000}',
    '/update/accepted {"state":{"reported":{"ack":1}},"metadata":{"reported":{"ack":{"timestamp":1700000000}}},' +
      '"version":2,"timestamp":1700000000}',
    '/delete/rejected {"code":403,"message":"Forbidden: reported is written by the pipeline alone","timestamp":1700000000}',
  ]);
});

test('updates that many clients send at once are all counted, and the answers come in the order of versions', async (t) => {
  const { connect } = await start(t);
  const listener = await connect();
  const versions: number[] = [];
  const all = new Promise<void>((resolve) => {
    listener.on('message', (_, payload) => {
      versions.push(JSON.parse(payload.toString()).version);
      if (versions.length === 100) resolve();
    });
  });
  await listener.subscribeAsync(`${TWIN}/update/accepted`, { qos: 1 });
  const clients = await Promise.all(Array.from({ length: 5 }, () => connect()));
  for (let i = 0; i < 100; i++) {
    clients[i % 5]?.publish(`${TWIN}/update`, JSON.stringify({ state: { desired: { [`k${i % 7}`]: i } } }), {
      qos: 1,
    });
  }
  await all;
  assert.deepEqual(
    versions,
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
});
