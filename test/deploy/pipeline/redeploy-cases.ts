import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { ledgerItems } from '../stack/ledger-records.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { whatIsThere } from '../stack/what-is-there.ts';

/** Deploying over a stack that is in use. */
export const redeployCases = (plant: () => Plant): void => {
  const cylinder = 'press-09';
  test('a second deploy in the midst of an incident loses nothing, and goes on where the first stood', async () => {
    const { stack, play, everything, store } = plant();
    const from = secondsAgo(60);
    const course = { gateway: 'line-3', cylinder, from, pattern: `${'n'.repeat(10)}${'A'.repeat(10)}` };
    await play(cylinder, messagesOf(course));
    const [raised] = await everything.of(cylinder, 1);
    const [incident] = await eventually(
      () => store.incidents(cylinder),
      ({ length }) => length === 1,
    );
    const there = await whatIsThere(stack);
    const items = () => ledgerItems(stack);
    const keys = (all: Awaited<ReturnType<typeof items>>) => all.map(({ pk, sk }) => `${pk} ${sk}`).sort();
    const before = keys(await items());
    // With nothing changed there would be nothing to deploy.
    const printed = await stack.deploy({ site: 'hall-3' });
    assert.doesNotMatch(printed, /skipping/i);
    assert.deepEqual(await whatIsThere(stack), there);
    assert.deepEqual(keys(await items()), before);

    const later = { ...course, from: from + 20_000, pattern: 'A'.repeat(10), firstSeq: 20 };
    await play(cylinder, messagesOf(later));
    const alerts = await everything.of(cylinder, 2);
    assert.deepEqual(wordsOf(alerts), ['RAISED advisory', 'ESCALATED warning']);
    assert.deepEqual(alerts[0], raised);
    assert.equal(alerts[1]?.attributes.site, 'hall-3');
    await eventually(
      () => store.count((name) => name === cylinder),
      (count) => count === 30,
    );
    await eventually(
      () => store.incidents(cylinder),
      ([one, ...others]) => one?.id === incident?.id && one?.severity === 'warning' && others.length === 0,
    );
  });
};
