import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { messagesOf } from '../stack/cylinder-message.ts';
import type { Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { runSentinel } from '../stack/run-sentinel.ts';

const incidentOf = v.object({ incident: v.object({ acknowledgedBy: v.string() }) });
const refusalOf = v.object({ refused: v.object({ type: v.string(), words: v.string() }) });

/** What people ask of a cylinder through its twin, and from a desk. */
export const commandCases = (plant: () => Plant<Stack>): void => {
  const raise = async (cylinder: string): Promise<void> => {
    const pattern = `${'n'.repeat(10)}${'A'.repeat(10)}`;
    await plant().play(cylinder, messagesOf({ gateway: 'line-3', cylinder, from: secondsAgo(40), pattern }));
    await plant().everything.of(cylinder, 1);
  };

  test('an acknowledgement set as desired state comes back as reported once it is in force', async () => {
    const { stack, twins, everything } = plant();
    const cylinder = stack.cylinder('press-02');
    await raise(cylinder);
    await twins.desire(cylinder, { ack: { by: 'Kim', comment: 'on my way' } });
    const twin = await eventually(
      () => twins.reported(cylinder),
      (reported) => v.is(incidentOf, reported),
    );
    assert.equal(v.parse(incidentOf, twin).incident.acknowledgedBy, 'Kim');
    assert.deepEqual(wordsOf(await everything.of(cylinder, 1)), ['RAISED advisory']);
  });

  test('a command that is refused changes nothing, and the twin says why', async () => {
    const { stack, twins, ledger } = plant();
    const cylinder = stack.cylinder('press-03');
    await raise(cylinder);
    const until = Date.now() + 40 * 24 * 3_600_000;
    await twins.desire(cylinder, { shelve: { by: 'Kim', reason: 'holiday', until } });
    const twin = await eventually(
      () => twins.reported(cylinder),
      (reported) => v.is(refusalOf, reported),
    );
    const { refused } = v.parse(refusalOf, twin);
    assert.equal(refused.type, 'shelve');
    assert.match(refused.words, /longer than/);
    assert.equal((await ledger.cylinders([cylinder])).get(cylinder)?.record.alarm.shelf, null);
  });

  test('from a desk, sentinel reads the twin and acknowledges', async () => {
    const { stack } = plant();
    const cylinder = stack.cylinder('press-04');
    await raise(cylinder);
    const aws = ['--cylinder', cylinder, '--aws'];
    const asked = await runSentinel(['ack', ...aws, '--by', 'Lee', '--comment', 'seen'], stack.env);
    assert.equal(asked.code, 0, asked.err);
    const read = await runSentinel(['twin', '--json', ...aws], stack.env);
    assert.equal(read.code, 0, read.err);
    const { reported } = JSON.parse(read.out);
    assert.equal(v.parse(incidentOf, reported).incident.acknowledgedBy, 'Lee');
  });
};
