import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { at } from '../fixture/alarm-story.ts';
import { applyCommand } from '../fixture/apply-command.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { kindsOn, noticesOn } from '../fixture/outbox-words.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

const raised = async () => {
  const ledger = memoryLedger();
  await evaluateSamples({ ledger, policies })([messageOf('c', 'AAAA')]);
  await ledger.done((await ledger.pending(99)).map(({ id }) => id));
  return ledger;
};

const recordOf = async (ledger: ReturnType<typeof memoryLedger>) =>
  (await ledger.cylinders(['c'])).get('c')?.record;

const maintenance = { type: 'maintenance', by: 'ana', reason: 'seal', until: at(60) };

test('a command is carried out, and what it ends goes out', async () => {
  const ledger = await raised();
  await applyCommand({ ledger, policies })('c', maintenance, at(5));
  assert.deepEqual(await noticesOn(ledger), ['RECOVERED @2#2 advisory at 5']);
  assert.deepEqual(await kindsOn(ledger), ['transition', 'incident', 'notice', 'twin']);
  assert.equal((await recordOf(ledger))?.alarm.condition, 'NORMAL');
});

test('a refused command tells nothing and is shown in the twin with its reason in plain words', async () => {
  const ledger = await raised();
  await applyCommand({ ledger, policies })('c', { type: 'unshelve', by: 'ana' }, at(5));
  const { type, why, words, at: when } = (await recordOf(ledger))?.refused ?? {};
  assert.deepEqual([type, why, words, when], ['unshelve', 'no shelf', 'nothing is shelved', at(5)]);
  const items = (await ledger.pending(99)).map(({ item }) => item);
  const twin = items.find(({ kind }) => kind === 'twin');
  assert.ok(twin?.kind === 'twin');
  assert.deepEqual(twin.twin.refused, (await recordOf(ledger))?.refused);
  assert.deepEqual(await noticesOn(ledger), []);
});

test('the next command that is carried out takes the refusal back', async () => {
  const ledger = await raised();
  await applyCommand({ ledger, policies })('c', { type: 'ack' }, at(5));
  assert.equal((await recordOf(ledger))?.refused?.why, 'missing by');
  await applyCommand({ ledger, policies })('c', { type: 'ack', by: 'ana' }, at(6));
  assert.equal((await recordOf(ledger))?.refused, null);
});

test('a command for a cylinder that nobody heard of is refused or kept like any other', async () => {
  const ledger = memoryLedger();
  await applyCommand({ ledger, policies })('c', { type: 'ack', by: 'ana' }, at(5));
  assert.equal((await recordOf(ledger))?.refused?.why, 'no incident');
  await applyCommand({ ledger, policies })('c', maintenance, at(5));
  assert.equal((await recordOf(ledger))?.alarm.maintenance?.until, at(60));
});

for (const name of ['cylinders', 'save'] as const) {
  test(`a ledger whose ${name} fails makes the command reject, and the same command again is carried out once`, async () => {
    const ledger = await raised();
    const apply = applyCommand({ ledger: failingOnce(ledger, name), policies });
    await assert.rejects(apply('c', maintenance, at(5)), new RegExp(`${name} is not there`));
    assert.equal((await recordOf(ledger))?.alarm.condition, 'ACTIVE');
    await apply('c', maintenance, at(5));
    await apply('c', maintenance, at(5));
    assert.deepEqual(await noticesOn(ledger), ['RECOVERED @2#2 advisory at 5']);
  });
}
