import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { connectTwins } from '../../../local/shadow/mqtt-twins.ts';
import { createShadowService, type ShadowService } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { startBroker } from '../broker/broker-fixture.ts';

const start = async (t: TestContext, handle?: ShadowService['handle']) => {
  const service = createShadowService({
    store: createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' })),
    publish: (topic, payload) => fixture.broker.publish(topic, payload),
    nowMs: () => 1_700_000_000_000,
    onDesired: () => {},
  });
  const fixture = await startBroker(t, { shadow: handle === undefined ? service : { ...service, handle } });
  const twins = await connectTwins(`mqtt://127.0.0.1:${fixture.broker.port}`);
  t.after(() => twins.close());
  return { twins, broker: fixture.broker };
};

test('an update that is refused rejects with the reason, and the twins can be asked on', async (t) => {
  const { twins } = await start(t);
  const asked = twins.desire('cyl-1', { shelve: { reason: 'x'.repeat(10_000) } }, () => true);
  await assert.rejects(asked, /^Error: the twin of cyl-1 refused the update: 413 The payload exceeds/);
  assert.equal(await twins.get('cyl-1'), null);
});

test('an answer that is no JSON rejects', async (t) => {
  const { twins, broker } = await start(t, async (topic) => {
    if (topic.endsWith('/get')) await broker.publish(`${topic}/accepted`, '{');
  });
  await assert.rejects(twins.get('cyl-1'), SyntaxError);
});

test('a connection that is lost while an answer is waited for rejects', async (t) => {
  const { twins, broker } = await start(t, (topic) => {
    if (topic.endsWith('/get')) setImmediate(() => broker.close());
    return Promise.resolve();
  });
  await assert.rejects(twins.get('cyl-1'), /^Error: the broker at mqtt:.* closed the connection$/);
});
