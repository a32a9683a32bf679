import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredEvent } from '../../usecases/ports/event-store.ts';
import type { Telemetry } from '../../usecases/ports/telemetry.ts';
import { storeSamples } from '../../usecases/store-samples.ts';
import { memoryQuarantine } from '../contract/memory-quarantine.ts';
import { memoryTelemetry } from '../contract/memory-telemetry.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { messageOf, messageOfBytes } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

const ports = () => ({ telemetry: memoryTelemetry(), quarantine: memoryQuarantine(), policies });

const half = messageOfBytes(
  '{"samples":[{"t":1420070400005,"wRMSCurrent":1,"probability":0.5},{"t":1420070400006,"wRMSCurrent":1},{"t":-1}]}',
);

test('every sample is stored once with the time of its receipt, and repetitions are counted', async () => {
  const given = ports();
  const batch = [messageOf('c', 'AnA'), messageOf('d', 'n'), messageOf('c', 'AnA')];
  assert.deepEqual(await storeSamples(given)(batch), { stored: 4, repeated: 3, quarantined: 0, rejected: 0 });
  const [first] = given.telemetry.samples.values();
  assert.deepEqual([first?.cylinder, first?.receivedAt], ['c', batch[0]?.raw.receivedAt]);
  assert.deepEqual(await storeSamples(given)(batch), { stored: 0, repeated: 7, quarantined: 0, rejected: 0 });
  assert.deepEqual(given.quarantine.list(), []);
});

test('what was not understood is kept with its bytes, the rest of the message is stored', async () => {
  const given = ports();
  const counts = await storeSamples(given)([half, messageOfBytes('{'), messageOf('c', 'A')]);
  assert.deepEqual(counts, { stored: 2, repeated: 0, quarantined: 3, rejected: 0 });
  assert.deepEqual(
    given.quarantine.list().map(({ raw, rejections }) => [raw.body, rejections.map(({ reason }) => reason)]),
    [
      [half.raw.body, ['probability', 'time']],
      [messageOfBytes('{').raw.body, ['not-json']],
    ],
  );
});

test('what went into the quarantine is recorded as an event once it lies there', async () => {
  const given = ports();
  const recorded: unknown[] = [];
  const recordEvents = (events: readonly StoredEvent[]) => {
    assert.equal(given.quarantine.list().length, 1);
    recorded.push(...events);
    return Promise.resolve();
  };
  await storeSamples({ ...given, telemetry: { ...given.telemetry, recordEvents } })([half]);
  assert.deepEqual(recorded, [{ kind: 'quarantined', record: given.quarantine.list()[0] }]);
  const failing = () => Promise.reject(new Error('throttled'));
  await assert.rejects(
    storeSamples({ ...given, telemetry: { ...given.telemetry, recordEvents: failing } })([half]),
    /throttled/,
  );
});

test('a sample too far ahead of its receipt is kept in the quarantine and not stored', async () => {
  const given = ports();
  assert.deepEqual(await storeSamples(given)([messageOf('c', 'AA', { from: 5, at: 0 })]), {
    stored: 1,
    repeated: 0,
    quarantined: 1,
    rejected: 0,
  });
  assert.deepEqual(
    given.quarantine.list().flatMap(({ rejections }) => rejections.map(({ reason }) => reason)),
    ['time-ahead'],
  );
});

test('a sample that the store refuses for good is kept in the quarantine with the reason', async () => {
  const given = ports();
  const telemetry: Telemetry = {
    ...given.telemetry,
    async write(samples) {
      const [bad, ...good] = samples;
      const write = await given.telemetry.write(good);
      return {
        ...write,
        rejected: bad === undefined ? [] : [{ sample: bad, detail: 'too old for the store' }],
      };
    },
  };
  const counts = await storeSamples({ ...given, telemetry })([messageOf('c', 'An'), messageOf('d', 'n')]);
  assert.deepEqual(counts, { stored: 2, repeated: 0, quarantined: 1, rejected: 1 });
  const [record, ...others] = given.quarantine.list();
  assert.deepEqual(others, []);
  assert.deepEqual(
    record?.rejections.map(({ reason, detail, cylinder }) => [reason, detail, cylinder]),
    [['store', 'too old for the store', 'c']],
  );
});

test('an empty batch is nothing', async () => {
  assert.deepEqual(await storeSamples(ports())([]), { stored: 0, repeated: 0, quarantined: 0, rejected: 0 });
});

test('a store that fails makes the batch reject, and nothing is lost when it is given again', async () => {
  const given = ports();
  const store = storeSamples({
    ...given,
    telemetry: failingOnce<Telemetry, 'write'>(given.telemetry, 'write'),
  });
  await assert.rejects(store([half, messageOf('c', 'A')]), /write is not there/);
  assert.deepEqual(await store([half, messageOf('c', 'A')]), {
    stored: 2,
    repeated: 0,
    quarantined: 2,
    rejected: 0,
  });
  assert.equal(given.quarantine.list().length, 1);
});

test('a quarantine that fails makes the batch reject, and the batch given again is stored and kept once', async () => {
  const given = ports();
  const store = storeSamples({ ...given, quarantine: failingOnce(given.quarantine, 'put') });
  await assert.rejects(store([half, messageOf('c', 'A')]), /put is not there/);
  assert.deepEqual(await store([half, messageOf('c', 'A')]), {
    stored: 0,
    repeated: 2,
    quarantined: 2,
    rejected: 0,
  });
  assert.deepEqual([given.telemetry.samples.size, given.quarantine.list().length], [2, 1]);
});

test('where all was understood the quarantine is not even asked', async () => {
  const given = ports();
  const put = () => Promise.reject(new Error('asked'));
  await storeSamples({ ...given, quarantine: { put } })([messageOf('c', 'A')]);
  assert.equal(given.telemetry.samples.size, 1);
});
