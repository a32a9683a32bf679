import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { Ledger, LedgerChange } from '../../usecases/ports/ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { START_MS } from '../fixture/alarm-words.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { kindsOn, noticesOn } from '../fixture/outbox-words.ts';
import { messageOf, messageOfBytes } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

/** A ledger with every change that was asked of it. */
const recorded = (ledger: Ledger): { ledger: Ledger; changes: LedgerChange[] } => {
  const changes: LedgerChange[] = [];
  const save: Ledger['save'] = (asked) => {
    changes.push(...asked);
    return ledger.save(asked);
  };
  return { ledger: { ...ledger, save }, changes };
};

const everything = async (ledger: ReturnType<typeof memoryLedger>) => {
  const names = await ledger.names();
  const [cylinders, gateways] = [
    await ledger.cylinders(names.cylinders),
    await ledger.gateways(names.gateways),
  ];
  return {
    cylinders: [...cylinders].map(([name, { record }]) => [name, record]),
    gateways: [...gateways].map(([name, { record }]) => [name, record]),
  };
};

test('a batch is folded into its cylinders and gateways, with the notices that come of it', async () => {
  const ledger = memoryLedger();
  await evaluateSamples({ ledger, policies })([
    messageOf('c', 'AAAA'),
    messageOf('d', 'nnnn', { gateway: 'h' }),
  ]);
  assert.deepEqual(await ledger.names(), { cylinders: ['c', 'd'], gateways: ['g', 'h'] });
  assert.deepEqual(await noticesOn(ledger), ['RAISED @2#1 advisory at 3']);
  assert.deepEqual(await kindsOn(ledger), ['transition', 'transition', 'incident', 'notice', 'twin', 'twin']);
});

test('each gateway of a message that a mapping found several in is heard', async () => {
  const ledger = memoryLedger();
  const [one, other] = [messageOf('c', 'nn'), messageOf('d', 'nn', { gateway: 'h' })];
  const samples = [...one.reading.samples, ...other.reading.samples];
  await evaluateSamples({ ledger, policies })([{ ...one, reading: { ...one.reading, samples } }]);
  assert.deepEqual(await ledger.names(), { cylinders: ['c', 'd'], gateways: ['g', 'h'] });
});

test('there is one save for each cylinder and gateway of a batch, whatever it holds of them', async () => {
  const { ledger, changes } = recorded(memoryLedger());
  const batch = [...'AAAA'].map((letter, second) => messageOf('c', letter, { from: second }));
  await evaluateSamples({ ledger, policies })([...batch, messageOf('d', 'nn'), ...batch]);
  assert.deepEqual(changes.map(({ kind, name }) => `${kind} ${name}`).sort(), [
    'cylinder c',
    'cylinder d',
    'gateway g',
  ]);
});

test('an incident that changes more than once in a batch goes out as it stands in the end', async () => {
  const ledger = memoryLedger();
  const batch = [...'AAAAAAAAA'].map((letter, second) => messageOf('c', letter, { from: second }));
  await evaluateSamples({ ledger, policies })(batch);
  const incidents = (await ledger.pending(99)).flatMap(({ item }) =>
    item.kind === 'incident' ? [item.incident] : [],
  );
  assert.deepEqual(
    incidents.map(({ severity, endedBy }) => [severity, endedBy]),
    [['warning', null]],
  );
});

test('an empty batch, and messages that were not understood, touch nothing but their gateway', async () => {
  const { ledger, changes } = recorded(memoryLedger());
  await evaluateSamples({ ledger, policies })([]);
  await evaluateSamples({ ledger, policies })([messageOfBytes('{'), messageOfBytes('{}', 'elsewhere')]);
  assert.deepEqual(
    changes.map(({ kind, name }) => `${kind} ${name}`),
    ['gateway g'],
  );
});

test('a batch that is given again changes nothing but what counts late samples', async () => {
  const ledger = memoryLedger();
  const batch = [messageOf('c', 'AAAAAAAAAA')];
  const watch = evaluateSamples({ ledger, policies });
  await watch(batch);
  const before = [await noticesOn(ledger), await ledger.gateways(['g'])];
  await watch(batch);
  await watch(batch);
  assert.deepEqual([await noticesOn(ledger), await ledger.gateways(['g'])], before);
  assert.equal((await ledger.cylinders(['c'])).get('c')?.record.alarm.condition, 'ACTIVE');
});

for (const name of ['cylinders', 'gateways', 'save'] as const) {
  test(`a ledger whose ${name} fails makes the batch reject, and the batch given again completes it`, async () => {
    const ledger = memoryLedger();
    const watch = evaluateSamples({ ledger: failingOnce(ledger, name), policies });
    const batch = [messageOf('c', 'AAAA'), messageOf('d', 'AAAA', { gateway: 'h' })];
    await assert.rejects(watch(batch), new RegExp(`${name} is not there`));
    await watch(batch);
    const sound = memoryLedger();
    await evaluateSamples({ ledger: sound, policies })(batch);
    assert.deepEqual(await noticesOn(ledger), await noticesOn(sound));
    const [all, expected] = [await everything(ledger), await everything(sound)];
    assert.deepEqual(all.gateways, expected.gateways);
    assert.equal(all.cylinders.length, expected.cylinders.length);
  });
}

test('a cylinder that somebody else saved meanwhile is read and folded again, the others are not', async () => {
  const memory = memoryLedger();
  let isFirst = true;
  const saves: string[][] = [];
  const ledger: Ledger = {
    ...memory,
    async save(changes) {
      saves.push(changes.map(({ name }) => name));
      if (isFirst) {
        isFirst = false;
        await evaluateSamples({ ledger: memory, policies })([messageOf('c', 'AAA')]);
      }
      return memory.save(changes);
    },
  };
  await evaluateSamples({ ledger, policies })([messageOf('c', 'A', { from: 3 }), messageOf('d', 'n')]);
  assert.deepEqual(saves, [['c', 'd'], ['c'], ['g']]);
  assert.deepEqual(await noticesOn(memory), ['RAISED @2#1 advisory at 3']);
});

test('a cylinder that stays contended is given up, by name', async () => {
  const memory = memoryLedger();
  let saves = 0;
  const ledger: Ledger = {
    ...memory,
    save(changes) {
      saves += 1;
      return Promise.resolve(changes.map(({ name }) => (name === 'c' ? 'conflict' : 'saved')));
    },
  };
  await assert.rejects(
    evaluateSamples({ ledger, policies })([messageOf('c', 'A'), messageOf('d', 'n')]),
    /contended for c$/,
  );
  // One more is that of the gateway, which nobody contends.
  assert.equal(saves, 11);
});

test('a message of several cylinders is folded into each of them', async () => {
  const several = messageOfBytes(
    JSON.stringify(
      [...'cdc'].map((cylinder, second) => ({
        cylinder,
        t: START_MS - 2000 + second * 1000,
        wRMSCurrent: 1,
        probability: 0.9,
      })),
    ),
    'greengrass/ml/inference/g',
  );
  const { ledger, changes } = recorded(memoryLedger());
  await evaluateSamples({ ledger, policies })([several]);
  assert.deepEqual(changes.map(({ kind, name }) => `${kind} ${name}`).sort(), [
    'cylinder c',
    'cylinder d',
    'gateway g',
  ]);
  const records = await ledger.cylinders(['c', 'd']);
  assert.deepEqual(
    [records.get('c')?.record.statistics?.last.t, records.get('d')?.record.statistics?.last.t],
    [START_MS, START_MS - 1000],
  );
});
