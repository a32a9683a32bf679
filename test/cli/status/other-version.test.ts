import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createBroker } from '../../../local/broker/create-broker.ts';
import { connectLine, readLineTopic } from '../../../local/line/mqtt-line.ts';

/** A line whose pipeline answers that. */
const lineThatSays = async (t: TestContext, answer: unknown) => {
  const broker = await createBroker({
    host: '127.0.0.1',
    port: 0,
    receive: () => Promise.resolve(),
    line: async (topic) => {
      await broker.publish(readLineTopic(topic)?.answer ?? 'nowhere', JSON.stringify(answer));
    },
    log: () => undefined,
  });
  const line = await connectLine(`mqtt://127.0.0.1:${broker.port}`);
  t.after(async () => {
    await line.close();
    await broker.close();
  });
  return line;
};

const row = { kind: 'cylinder', name: 'c', concerns: ['open'], since: 5 };

test('a pipeline of an older version is understood: what it does not say is not known', async (t) => {
  const line = await lineThatSays(t, { now: 9, watched: 1, rows: [row] });
  const { rows } = await line.status();
  assert.deepEqual(rows, [
    {
      ...row,
      severity: null,
      incident: null,
      overSince: null,
      acknowledgedBy: null,
      until: null,
      by: null,
      reason: null,
      cause: null,
      lastSeenAt: null,
    },
  ]);
});

test('of a pipeline of a newer version what is known is shown', async (t) => {
  const newer = { ...row, concerns: ['open', 'haunted'], cause: 'ghosts', colour: 'red' };
  const { rows } = await (await lineThatSays(t, { now: 9, watched: 1, rows: [newer] })).status();
  assert.deepEqual([rows[0]?.concerns, rows[0]?.cause], [['open'], null]);
});

test('an answer of which nothing is understood is said to be of another version', async (t) => {
  const line = await lineThatSays(t, { quiet: true });
  await assert.rejects(line.status(), /^LocalError: the pipeline at mqtt:\S+ is of another version/);
});
