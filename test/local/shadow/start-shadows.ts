import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import type { DesiredChange } from '../../../local/shadow/answer-request.ts';
import { createShadowService, type ShadowServiceParts } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';

export const TWIN = '$aws/things/cyl-1/shadow/name/twin';

/** A shadow service on an empty store, with all that it publishes and says. */
export const startShadows = (replace: Partial<ShadowServiceParts> = {}) => {
  const published: { topic: string; payload: unknown }[] = [];
  const changes: DesiredChange[] = [];
  let nowMs = 1_000_000;
  const service = createShadowService({
    store: createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' })),
    publish: (topic, payload) => {
      published.push({ topic, payload: JSON.parse(payload) });
      return Promise.resolve();
    },
    nowMs: () => nowMs,
    onDesired: (change) => {
      changes.push(change);
    },
    ...replace,
  });
  const ask = async (topic: string, body: unknown = '') => {
    published.length = 0;
    nowMs += 1000;
    await service.handle(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    return published.map((message) => ({ ...message, topic: message.topic.replace(TWIN, '') }));
  };
  return { service, ask, changes, published };
};
