import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDesiredState } from '../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { at } from '../fixture/alarm-story.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

const raised = async () => {
  const ledger = memoryLedger();
  await evaluateSamples({ ledger, policies })([messageOf('c', 'AAAA')]);
  return ledger;
};

const recordOf = async (ledger: ReturnType<typeof memoryLedger>) =>
  (await ledger.cylinders(['c'])).get('c')?.record;

const maintenance = { by: 'ana', reason: 'seal', until: at(60) };
const ask = (desired: Readonly<Record<string, unknown>> | null) => ({
  thing: 'c',
  desired,
  receivedAt: at(5),
});

test('everything that is desired at once is done, commands and overrides of the policy', async () => {
  const ledger = await raised();
  await applyDesiredState({ ledger, policies })(ask({ ack: { by: 'ana' }, policy: { notifyFrom: 'alarm' } }));
  const record = await recordOf(ledger);
  assert.equal(record?.alarm.incident?.acknowledgedBy, 'ana');
  assert.deepEqual(record?.overrides, { notifyFrom: 'alarm' });
});

for (const [what, desired] of [
  ['nothing', {}],
  ['nothing any more', null],
  ['what is no command', { colour: 'red' }],
  ['a command that was taken back', { ack: null }],
] as const) {
  test(`where ${what} is desired, the record stays as it is`, async () => {
    const ledger = await raised();
    const before = await recordOf(ledger);
    await applyDesiredState({ ledger, policies })(ask(desired));
    assert.deepEqual(await recordOf(ledger), before);
  });
}

test('a command that cannot be understood is refused where the person sees it, and what is beside it is done', async () => {
  const ledger = await raised();
  await applyDesiredState({ ledger, policies })(ask({ ack: { by: 'ana' }, maintenance: 'please' }));
  const record = await recordOf(ledger);
  assert.equal(record?.refused?.type, 'maintenance');
  assert.equal(record?.alarm.incident?.acknowledgedBy, 'ana');
});

for (const name of ['cylinders', 'save'] as const) {
  test(`a ledger whose ${name} fails makes the whole reject, and the same again ends as if it had not`, async () => {
    const ledger = await raised();
    const obey = applyDesiredState({ ledger: failingOnce(ledger, name), policies });
    const all = ask({ maintenance, policy: { notifyFrom: 'alarm' } });
    await assert.rejects(obey(all), new RegExp(`${name} is not there`));
    await obey(all);
    await obey(all);
    const once = await raised();
    await applyDesiredState({ ledger: once, policies })(all);
    const { twinAt, ...record } = (await recordOf(ledger)) ?? {};
    const { twinAt: _, ...wanted } = (await recordOf(once)) ?? {};
    assert.deepEqual(record, wanted);
  });
}

test('a document with four commands and overrides is one read and one save, and refuses what is no policy', async () => {
  const memory = await raised();
  const calls: string[] = [];
  const ledger: Ledger = {
    ...memory,
    cylinders: (names) => {
      calls.push('read');
      return memory.cylinders(names);
    },
    save: (changes) => {
      calls.push(`save ${changes.length}`);
      return memory.save(changes);
    },
  };
  const by = { by: 'ana', reason: 'seal' };
  const desired = {
    ack: by,
    shelve: { ...by, until: at(60) },
    unshelve: by,
    close: { ...by, outcome: 'sensor' },
    policy: { threshold: 7 },
  };
  await applyDesiredState({ ledger, policies })(ask(desired));
  assert.deepEqual(calls, ['read', 'save 1']);
  const record = await recordOf(memory);
  assert.equal(record?.alarm.incident?.closing?.outcome, 'sensor');
  assert.equal(record?.refused?.type, 'policy');
  await applyDesiredState({ ledger, policies })(ask({ policy: { threshold: 0.9 } }));
  assert.equal((await recordOf(memory))?.refused, null);
});

test('what was refused in a document is seen, whatever was carried out after it', async () => {
  const ledger = await raised();
  const desired = { shelve: 'please', close: { by: 'ana', outcome: 'sensor' }, policy: { threshold: 0.9 } };
  await applyDesiredState({ ledger, policies })(ask(desired));
  const record = await recordOf(ledger);
  assert.equal(record?.refused?.type, 'shelve');
  assert.equal(record?.alarm.incident?.closing?.outcome, 'sensor');
  assert.deepEqual(record?.overrides, { threshold: 0.9 });
});

test('how far a clock may be ahead is refused for one cylinder, as its samples are stored before it is looked at', async () => {
  const ledger = await raised();
  await applyDesiredState({ ledger, policies })(ask({ policy: { futureToleranceMs: 0 } }));
  const record = await recordOf(ledger);
  assert.equal(record?.overrides, null);
  assert.match(record?.refused?.words ?? '', /^futureToleranceMs cannot be set for one cylinder/);
});
