import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { runSentinel } from '../stack/run-sentinel.ts';

const incidentOf = v.object({ incident: v.object({ acknowledgedBy: v.string() }) });
const refusalOf = v.object({ refused: v.object({ type: v.string(), words: v.string() }) });

/** What people ask of a cylinder through its twin, and from a desk. */
export const commandCases = (plant: () => Plant): void => {
  const raise = async (cylinder: string): Promise<void> => {
    const pattern = `${'n'.repeat(10)}${'A'.repeat(10)}`;
    await plant().play(cylinder, messagesOf({ gateway: 'line-3', cylinder, from: secondsAgo(40), pattern }));
    await plant().everything.of(cylinder, 1);
  };

  test('an acknowledgement set as desired state comes back as reported once it is in force', async () => {
    const { twins, everything } = plant();
    await raise('press-02');
    await twins.desire('press-02', { ack: { by: 'Kim', comment: 'on my way' } });
    const twin = await eventually(
      () => twins.reported('press-02'),
      (reported) => v.is(incidentOf, reported),
    );
    assert.equal(v.parse(incidentOf, twin).incident.acknowledgedBy, 'Kim');
    assert.deepEqual(wordsOf(await everything.of('press-02', 1)), ['RAISED advisory']);
  });

  test('a command that is refused changes nothing, and the twin says why', async () => {
    const { twins, ledger } = plant();
    await raise('press-03');
    const until = Date.now() + 40 * 24 * 3_600_000;
    await twins.desire('press-03', { shelve: { by: 'Kim', reason: 'holiday', until } });
    const twin = await eventually(
      () => twins.reported('press-03'),
      (reported) => v.is(refusalOf, reported),
    );
    const { refused } = v.parse(refusalOf, twin);
    assert.equal(refused.type, 'shelve');
    assert.match(refused.words, /longer than/);
    assert.equal((await ledger.cylinders(['press-03'])).get('press-03')?.record.alarm.shelf, null);
  });

  test('from a desk, sentinel reads the twin and acknowledges', async () => {
    const { stack } = plant();
    await raise('press-04');
    const aws = ['--cylinder', 'press-04', '--aws', '--endpoint', stack.endpoint, '--region', stack.region];
    const asked = await runSentinel(['ack', ...aws, '--by', 'Lee', '--comment', 'seen'], stack.env);
    assert.equal(asked.code, 0, asked.err);
    const read = await runSentinel(['twin', '--json', ...aws], stack.env);
    assert.equal(read.code, 0, read.err);
    const { reported } = JSON.parse(read.out);
    assert.equal(v.parse(incidentOf, reported).incident.acknowledgedBy, 'Lee');
  });
};
