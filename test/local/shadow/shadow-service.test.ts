import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { startShadows, TWIN } from './start-shadows.ts';

test('a client finds what AWS documents: accepted, delta and documents, then the whole shadow', async () => {
  const { ask } = startShadows();
  await ask(`${TWIN}/update`, { state: { reported: { mode: 'run', limits: { high: 5, low: 1 } } } });
  const answers = await ask(`${TWIN}/update`, {
    state: { desired: { limits: { high: 7, low: 1 } } },
    version: 1,
    clientToken: 't',
  });
  const at1 = { timestamp: 1001 };
  const at2 = { timestamp: 1002 };
  assert.deepEqual(answers, [
    {
      topic: '/update/accepted',
      payload: {
        state: { desired: { limits: { high: 7, low: 1 } } },
        metadata: { desired: { limits: { high: at2, low: at2 } } },
        version: 2,
        timestamp: 1002,
        clientToken: 't',
      },
    },
    {
      topic: '/update/delta',
      payload: {
        version: 2,
        timestamp: 1002,
        state: { limits: { high: 7 } },
        metadata: { limits: { high: at2 } },
        clientToken: 't',
      },
    },
    {
      topic: '/update/documents',
      payload: {
        previous: {
          state: { reported: { mode: 'run', limits: { high: 5, low: 1 } } },
          metadata: { reported: { mode: at1, limits: { high: at1, low: at1 } } },
          version: 1,
        },
        current: {
          state: {
            desired: { limits: { high: 7, low: 1 } },
            reported: { mode: 'run', limits: { high: 5, low: 1 } },
          },
          metadata: {
            desired: { limits: { high: at2, low: at2 } },
            reported: { mode: at1, limits: { high: at1, low: at1 } },
          },
          version: 2,
        },
        timestamp: 1002,
        clientToken: 't',
      },
    },
  ]);
  assert.deepEqual(await ask(`${TWIN}/get`, { clientToken: 'g' }), [
    {
      topic: '/get/accepted',
      payload: {
        state: {
          desired: { limits: { high: 7, low: 1 } },
          reported: { mode: 'run', limits: { high: 5, low: 1 } },
          delta: { limits: { high: 7 } },
        },
        metadata: {
          desired: { limits: { high: at2, low: at2 } },
          reported: { mode: at1, limits: { high: at1, low: at1 } },
        },
        version: 2,
        timestamp: 1003,
        clientToken: 'g',
      },
    },
  ]);
});

test('a delta goes out after every update that leaves a difference, and not when there is none', async () => {
  const { ask } = startShadows();
  const topics = async (state: unknown) => (await ask(`${TWIN}/update`, { state })).map(({ topic }) => topic);
  assert.deepEqual(await topics({ desired: { a: 1, b: 2 } }), [
    '/update/accepted',
    '/update/delta',
    '/update/documents',
  ]);
  assert.deepEqual(await topics({ reported: { a: 1 } }), [
    '/update/accepted',
    '/update/delta',
    '/update/documents',
  ]);
  assert.deepEqual(await topics({ reported: { b: 2 } }), ['/update/accepted', '/update/documents']);
  assert.deepEqual(await topics({ desired: null }), ['/update/accepted', '/update/documents']);
});

test('a wrong version is a conflict and changes nothing', async () => {
  const { ask, service, changes } = startShadows();
  await ask(`${TWIN}/update`, { state: { desired: { a: 1 } }, version: 0 });
  const [answer] = await ask(`${TWIN}/update`, {
    state: { desired: { a: 2 } },
    version: 7,
    clientToken: 'c',
  });
  assert.deepEqual(answer, {
    topic: '/update/rejected',
    payload: { code: 409, message: 'Version conflict', timestamp: 1002, clientToken: 'c' },
  });
  assert.equal(service.get('cyl-1', 'twin')?.version, 1);
  assert.equal(changes.length, 1);
});

test('a shadow that does not exist is named in the refusal', async () => {
  const { ask } = startShadows();
  const refusal = async (topic: string) => (await ask(topic))[0];
  assert.deepEqual(await refusal(`${TWIN}/get`), {
    topic: '/get/rejected',
    payload: { code: 404, message: "No shadow exists with name: 'twin'", timestamp: 1001 },
  });
  assert.equal((await refusal(`${TWIN}/delete`))?.topic, '/delete/rejected');
  assert.deepEqual((await refusal('$aws/things/cyl-1/shadow/get'))?.payload, {
    code: 404,
    message: "No shadow exists with name: 'cyl-1'",
    timestamp: 1003,
  });
});

test('a deleted shadow is gone, and goes on with its version when it is made again', async () => {
  const { ask, service } = startShadows();
  await ask(`${TWIN}/update`, { state: { reported: { a: 1 } } });
  await ask(`${TWIN}/update`, { state: { reported: { a: 2 } } });
  assert.deepEqual(await ask(`${TWIN}/delete`), [
    { topic: '/delete/accepted', payload: { version: 2, timestamp: 1003 } },
  ]);
  assert.equal(service.get('cyl-1', 'twin'), null);
  await ask(`${TWIN}/update`, { state: { reported: { b: 1 } } });
  assert.deepEqual(service.get('cyl-1', 'twin')?.state, { reported: { b: 1 } });
  assert.equal(service.get('cyl-1', 'twin')?.version, 3);
});

test('desired and reported together may have 8 KB, metadata aside', async () => {
  const { ask, service } = startShadows();
  const rest = 8192 - '{"a":""}'.length - '{"b":1}'.length;
  await ask(`${TWIN}/update`, { state: { desired: { b: 1 } } });
  const [fits] = await ask(`${TWIN}/update`, { state: { reported: { a: 'x'.repeat(rest) } } });
  assert.equal(fits?.topic, '/update/accepted');
  const [tooMuch] = await ask(`${TWIN}/update`, { state: { desired: { b: 10 } } });
  assert.deepEqual(tooMuch?.payload, {
    code: 413,
    message: 'The payload exceeds the maximum size allowed',
    timestamp: 1003,
  });
  assert.deepEqual(service.get('cyl-1', 'twin')?.state.desired, { b: 1 });
});

test('answers are not taken for requests', async () => {
  const { ask } = startShadows();
  for (const suffix of ['update/accepted', 'update/delta', 'get/rejected', 'other']) {
    assert.deepEqual(await ask(`${TWIN}/${suffix}`, { state: { desired: { a: 1 } } }), []);
  }
});

test('requests that come close together are one commit, each answered, in their order', async () => {
  const store = createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' }));
  let commits = 0;
  const { service, published } = startShadows({
    store: {
      ...store,
      together: (work) => {
        commits += 1;
        return store.together(work);
      },
    },
  });
  const update = (a: number) =>
    service.handle(`${TWIN}/update`, Buffer.from(JSON.stringify({ state: { desired: { a } } })));
  await Promise.all(Array.from({ length: 300 }, (_, a) => update(a)));
  assert.equal(commits, 1);
  assert.equal(published.filter(({ topic }) => topic.endsWith('/update/accepted')).length, 300);
  assert.deepEqual(service.get('cyl-1', 'twin')?.state.desired, { a: 299 });
});

test('reports of one turn are one commit, and one that is refused takes none with it', async () => {
  const store = createSqliteShadowStore(openLedgerDatabase({ path: ':memory:' }));
  const commits: boolean[] = [];
  const { service } = startShadows({
    store: {
      ...store,
      together: (work, isRepeated = false) => {
        commits.push(isRepeated);
        return store.together(work, isRepeated);
      },
    },
  });
  const outcomes = await Promise.allSettled([
    service.report('cyl-1', 'twin', { a: 1 }),
    service.report('cyl-2', 'twin', { a: 'a'.repeat(9_000) }),
    service.report('cyl-3', 'twin', { a: 3 }),
  ]);
  assert.deepEqual(commits, [true]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(service.get('cyl-3', 'twin')?.state.reported, { a: 3 });
  assert.equal(service.get('cyl-2', 'twin'), null);
});

test('a report that cannot be read takes none of its turn with it', async () => {
  const database = openLedgerDatabase({ path: ':memory:' });
  const { service } = startShadows({ store: createSqliteShadowStore(database) });
  database.exec("INSERT INTO shadow VALUES ('cyl-1', 'twin', 1, '{')");
  const outcomes = await Promise.allSettled([
    service.report('cyl-1', 'twin', { a: 1 }),
    service.report('cyl-2', 'twin', { a: 2 }),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
  assert.deepEqual(service.get('cyl-2', 'twin')?.state.reported, { a: 2 });
});
