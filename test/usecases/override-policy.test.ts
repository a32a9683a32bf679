import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDesiredState } from '../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../usecases/evaluate-samples.ts';
import type { LedgerPorts } from '../../usecases/ports/ledger.ts';
import { memoryLedger } from '../contract/memory-ledger.ts';
import { at } from '../fixture/alarm-story.ts';
import { failingOnce } from '../fixture/failing-port.ts';
import { kindsOn, noticesOn } from '../fixture/outbox-words.ts';
import { messageOf } from '../fixture/received-message.ts';
import { SHORT_BOOK } from '../fixture/short-book.ts';

const policies = SHORT_BOOK;

const overridePolicy =
  (ports: LedgerPorts) =>
  (thing: string, policy: Readonly<Record<string, unknown>> | null, receivedAt: number) =>
    applyDesiredState(ports)({ thing, desired: { policy }, receivedAt });

const seen = async () => {
  const ledger = memoryLedger();
  await evaluateSamples({ ledger, policies })([messageOf('c', 'n')]);
  await ledger.done((await ledger.pending(99)).map(({ id }) => id));
  return ledger;
};

const recordOf = async (ledger: ReturnType<typeof memoryLedger>) =>
  (await ledger.cylinders(['c'])).get('c')?.record;

test('overrides hold for their cylinder from its next sample on, and are shown in its twin', async () => {
  const ledger = await seen();
  await overridePolicy({ ledger, policies })('c', { threshold: 0.95 }, at(1));
  assert.deepEqual(await kindsOn(ledger), ['twin']);
  assert.deepEqual((await recordOf(ledger))?.overrides, { threshold: 0.95 });
  await evaluateSamples({ ledger, policies })([
    messageOf('c', 'AAAA', { from: 1 }),
    messageOf('d', 'AAAA', { from: 1 }),
  ]);
  assert.deepEqual(await noticesOn(ledger), ['RAISED @3#1 advisory at 4']);
});

test('null takes the overrides back', async () => {
  const ledger = await seen();
  await overridePolicy({ ledger, policies })('c', { threshold: 0.95 }, at(1));
  await overridePolicy({ ledger, policies })('c', null, at(2));
  assert.equal((await recordOf(ledger))?.overrides, null);
});

test('overrides merge as a shadow does: each stays until it is set anew or taken back with null', async () => {
  const ledger = await seen();
  await overridePolicy({ ledger, policies })('c', { threshold: 0.95 }, at(1));
  await overridePolicy({ ledger, policies })('c', { maxReminders: 1 }, at(2));
  assert.deepEqual((await recordOf(ledger))?.overrides, { threshold: 0.95, maxReminders: 1 });
  await overridePolicy({ ledger, policies })('c', { threshold: null }, at(3));
  assert.deepEqual((await recordOf(ledger))?.overrides, { maxReminders: 1 });
  await overridePolicy({ ledger, policies })('c', { maxReminders: null }, at(4));
  assert.equal((await recordOf(ledger))?.overrides, null);
});

test('overrides that make no policy are refused with what is wrong, and those in force stay', async () => {
  const ledger = await seen();
  await overridePolicy({ ledger, policies })('c', { threshold: 0.95 }, at(1));
  await overridePolicy({ ledger, policies })('c', { threshold: 7, nonsense: 1 }, at(2));
  const { overrides, refused } = (await recordOf(ledger)) ?? {};
  assert.deepEqual(overrides, { threshold: 0.95 });
  assert.deepEqual([refused?.type, refused?.at], ['policy', at(2)]);
  assert.match(refused?.words ?? '', /threshold must be a number from 0 to 1/);
  assert.match(refused?.words ?? '', /nonsense is not a field of a policy/);
});

test('a cylinder that was never seen has nothing to override', async () => {
  const ledger = memoryLedger();
  await overridePolicy({ ledger, policies })('c', { threshold: 0.95 }, at(1));
  assert.deepEqual([await kindsOn(ledger), (await ledger.names()).cylinders], [[], []]);
});

for (const name of ['cylinders', 'save'] as const) {
  test(`a ledger whose ${name} fails makes the change reject, and the same change again completes it`, async () => {
    const ledger = await seen();
    const override = overridePolicy({ ledger: failingOnce(ledger, name), policies });
    await assert.rejects(override('c', { threshold: 0.95 }, at(1)), new RegExp(`${name} is not there`));
    assert.equal((await recordOf(ledger))?.overrides, null);
    await override('c', { threshold: 0.95 }, at(1));
    assert.deepEqual((await recordOf(ledger))?.overrides, { threshold: 0.95 });
  });
}
