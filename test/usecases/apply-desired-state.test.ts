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

const verdictsOf = async (ledger: ReturnType<typeof memoryLedger>) =>
  (await recordOf(ledger))?.lastCommands.map(({ kind, result, words }) => `${kind} ${result}: ${words}`);

test('what became of each part of a document is kept, the newest first', async () => {
  const ledger = await raised();
  const desired = {
    ack: { by: 'ana', comment: 'on my way' },
    shelve: 'please',
    unshelve: { by: 'ana' },
    policy: { threshold: 7 },
  };
  await applyDesiredState({ ledger, policies })(ask(desired));
  assert.deepEqual(await verdictsOf(ledger), [
    'policy refused: threshold must be a number from 0 to 1',
    'unshelve refused: nothing is shelved',
    'shelve refused: the field by is missing',
    'ack in-force: on my way',
  ]);
  const [, , , ack] = (await recordOf(ledger))?.lastCommands ?? [];
  assert.deepEqual(
    [ack?.by, ack?.at, ack?.incident],
    ['ana', at(5), (await recordOf(ledger))?.alarm.incident?.id],
  );
});

test('a command that bears an id or a time is carried out once, however often and late a client writes it back', async () => {
  for (const name of [{ id: 'a-1' }, { at: at(5) }]) {
    const ledger = await raised();
    const apply = applyDesiredState({ ledger, policies });
    await apply(ask({ maintenance: { ...maintenance, until: at(9), ...name } }));
    await apply({
      ...ask({ maintenance: { by: 'bo', reason: 'done', until: 0, id: 'b-1' } }),
      receivedAt: at(6),
    });
    const whole = { ...ask({ maintenance: { ...maintenance, until: at(9), ...name } }), receivedAt: at(7) };
    await apply(whole);
    const record = await recordOf(ledger);
    assert.equal(record?.alarm.maintenance?.by, 'bo');
    assert.deepEqual(
      record?.lastCommands.map(({ by, result, answeredAt }) => [by, result, answeredAt]),
      [
        ['bo', 'in-force', at(6)],
        ['ana', 'in-force', at(7)],
      ],
    );
    await apply(whole);
    assert.deepEqual(await recordOf(ledger), record);
  }
});

test('of what was asked last a few are kept, and what people wrote is bounded', async () => {
  const ledger = await raised();
  const long = 'x'.repeat(5000);
  for (let second = 0; second < 20; second += 1)
    await applyDesiredState({ ledger, policies })({
      ...ask({ ack: { by: long, comment: long, id: `${second}${long}`, incident: long } }),
      receivedAt: at(5 + second),
    });
  const kept = (await recordOf(ledger))?.lastCommands ?? [];
  assert.equal(kept.length, 6);
  assert.equal(kept[0]?.id?.slice(0, 2), '19');
  assert.ok(JSON.stringify(kept).length < 4000);
});

test('the document that clears what was answered reads and saves nothing', async () => {
  const ledger = failingOnce(await raised(), 'cylinders');
  await applyDesiredState({ ledger, policies })(ask({ ack: null, close: null }));
});

test('how far a clock may be ahead is refused for one cylinder, as its samples are stored before it is looked at', async () => {
  const ledger = await raised();
  await applyDesiredState({ ledger, policies })(ask({ policy: { futureToleranceMs: 0 } }));
  const record = await recordOf(ledger);
  assert.equal(record?.overrides, null);
  assert.match(record?.refused?.words ?? '', /^futureToleranceMs cannot be set for one cylinder/);
});

test('a cylinder that this ledger never heard of is another deployment’s: nothing is kept of it, and nothing goes out', async () => {
  const ledger = memoryLedger();
  const desired = { ack: { by: 'ana' }, maintenance, shelve: 'please', policy: { threshold: 0.9 } };
  await applyDesiredState({ ledger, policies })(ask(desired));
  assert.equal(await recordOf(ledger), undefined);
  assert.deepEqual(await ledger.pending(99), []);
});
