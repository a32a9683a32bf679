import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startShadows, TWIN } from './start-shadows.ts';

test('who acts on desired states hears of those, of nothing else', async () => {
  const { ask, changes } = startShadows();
  await ask(`${TWIN}/update`, { state: { reported: { a: 1 } } });
  await ask(`${TWIN}/update`, { state: { desired: { ack: { by: 'ana' } } } });
  await ask(`${TWIN}/update`, { state: { desired: 5 } });
  await ask('$aws/things/cyl-2/shadow/update', { state: { desired: null } });
  assert.deepEqual(changes, [
    {
      thing: 'cyl-1',
      shadowName: 'twin',
      desired: { ack: { by: 'ana' } },
      version: 2,
      metadata: { ack: { by: { timestamp: 1002 } } },
      timestamp: 1002,
    },
    { thing: 'cyl-2', shadowName: null, desired: null, version: 1, metadata: {}, timestamp: 1004 },
  ]);
});

test('a request is not done when the desired state could not be acted on', async () => {
  const failure = new Error('ledger');
  const { ask } = startShadows({ onDesired: () => Promise.reject(failure) });
  await assert.rejects(ask(`${TWIN}/update`, { state: { desired: { a: 1 } } }), failure);
});

test('a store that fails is an internal failure for the client, and the request is not done', async () => {
  const failure = new Error('the disk is full');
  const store = {
    read: () => null,
    together: <T>(work: () => T): T => work(),
    write: () => {
      throw failure;
    },
  };
  const { ask, published } = startShadows({ store });
  await assert.rejects(ask(`${TWIN}/update`, { state: { desired: { a: 1 } }, clientToken: 't' }), failure);
  assert.deepEqual(published, [
    {
      topic: `${TWIN}/update/rejected`,
      payload: { code: 500, message: 'Internal service failure', timestamp: 1001, clientToken: 't' },
    },
  ]);
});

test('a report writes what changed and tells it, takes away what it no longer names, and is silent when all is said', async () => {
  const { service, published, ask } = startShadows();
  const report = { condition: 'abnormal', last: { t: 1, why: [0.1, 0.2] }, incident: 'i-1' };
  await service.report('cyl-1', 'twin', report);
  await ask(`${TWIN}/update`, { state: { desired: { ack: 'x' } } });
  published.length = 0;
  await service.report('cyl-1', 'twin', {
    ...report,
    last: { t: 1, why: [0.1, 0.2], gone: null, undef: undefined },
  });
  assert.deepEqual(published, []);
  assert.equal(service.get('cyl-1', 'twin')?.version, 2);

  await service.report('cyl-1', 'twin', {
    condition: 'normal',
    last: { t: 2, why: [0.1, 0.2] },
    incident: null,
  });
  assert.deepEqual(published[0], {
    topic: `${TWIN}/update/accepted`,
    payload: {
      state: { reported: { condition: 'normal', last: { t: 2 }, incident: null } },
      metadata: {
        reported: {
          condition: { timestamp: 1001 },
          last: { t: { timestamp: 1001 } },
          incident: { timestamp: 1001 },
        },
      },
      version: 3,
      timestamp: 1001,
    },
  });
  assert.deepEqual(service.get('cyl-1', 'twin')?.state.reported, {
    condition: 'normal',
    last: { t: 2, why: [0.1, 0.2] },
  });
});

test('a report that AWS would refuse is an error that says so', async () => {
  const { service } = startShadows();
  await assert.rejects(service.report('cyl-1', 'twin', { a: 'x'.repeat(9000) }), /twin.*cyl-1.*413/);
  await assert.rejects(service.report('cyl-1', 'twin', { a: [null] }), /400 State contains an invalid node/);
});
