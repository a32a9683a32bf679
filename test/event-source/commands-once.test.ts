import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { START_MS } from '../fixture/alarm-words.ts';
import { deployLine, NO_MISHAPS } from './happen.ts';
import type { Line } from './line.ts';
import { messageOf, play, type Story } from './story.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(SHORT_POLICY);

const RAISED: Story = [[messageOf('c1', 'AAAAAA', 0, 6)]];
const at = (second: number): number => START_MS + second * 1000;
const maintenance = { by: 'ana', reason: 'seal', until: at(100), id: 'm-1' };

type Clock = Readonly<{ reach(ms: number): void }>;

const onRaisedLine = (act: (line: Line, clock: Clock) => Promise<void>) =>
  happen({
    tape: BLANK,
    mishaps: NO_MISHAPS,
    settings: { ingest: 'stream' },
    act: async (line, clock) => {
      await play(line, clock, RAISED);
      clock.reach(at(10));
      await act(line, clock);
    },
  });

const versionOf = (line: Line): string =>
  line.dynamo.table.items().find(({ pk, sk }) => pk?.S === 'C#c1' && sk?.S === 'STATE')?.version?.N ?? '';

test('what was answered is no longer desired, the delta is empty, and what became of it is reported', async () => {
  await onRaisedLine(async (line) => {
    const policy = { notifyFrom: 'warning' };
    await line.shadow('c1', { desired: { ack: { by: 'ana', id: 'a-1' }, unshelve: { by: 'ana' }, policy } });
    await line.settle();
    const { desired, delta, reported } = await line.shadow('c1');
    assert.deepEqual(desired, { policy });
    assert.equal(delta, undefined);
    assert.deepEqual(
      [reported.lastCommands].flat().map((one) => `${Object(one).kind} ${Object(one).result}`),
      ['policy in-force', 'unshelve refused', 'ack in-force'],
    );
  });
});

test('a client that writes the desired state back whole, as it read it at any time, repeats nothing', async () => {
  await onRaisedLine(async (line, clock) => {
    const { desired: whole } = await line.shadow('c1', {
      desired: { maintenance, policy: { threshold: 0.6 } },
    });
    await line.settle();
    clock.reach(at(20));
    await line.shadow('c1', { desired: { maintenance: { by: 'bo', reason: 'done', until: 0, id: 'm-2' } } });
    await line.settle();
    const { desired: later } = await line.shadow('c1');
    const before = versionOf(line);
    clock.reach(at(30));
    await line.shadow('c1', { desired: later });
    await line.settle();
    assert.equal(versionOf(line), before, 'the policy alone was written back, and is what it was');
    await line.shadow('c1', { desired: whole });
    await line.settle();
    const { desired, delta, reported } = await line.shadow('c1');
    assert.deepEqual(desired, { policy: { threshold: 0.6 } });
    assert.equal(delta, undefined);
    assert.equal(reported.suppression, undefined);
    const maintained = [reported.lastCommands].flat().filter((one) => Object(one).kind === 'maintenance');
    assert.deepEqual(
      maintained.map((one) => Object(one).by),
      ['bo', 'ana'],
    );
  });
});

test('the document that clearing makes wakes the command function, which saves nothing', async () => {
  await onRaisedLine(async (line) => {
    await line.shadow('c1', { desired: { maintenance } });
    while ((await line.shadow('c1')).desired !== undefined) await line.work(1);
    const before = versionOf(line);
    assert.ok(line.direct.command.isBusy());
    await line.settle();
    assert.equal(versionOf(line), before);
  });
});

test('a command for a cylinder of another stage leaves this ledger and the twin as they are', async () => {
  await onRaisedLine(async (line) => {
    const before = line.dynamo.table.items();
    await line.shadow('theirs', { desired: { maintenance, policy: { threshold: 0.6 } } });
    await line.settle();
    assert.deepEqual(line.dynamo.table.items(), before);
    const { desired, reported } = await line.shadow('theirs');
    assert.deepEqual([desired, reported], [{ maintenance, policy: { threshold: 0.6 } }, {}]);
  });
});
