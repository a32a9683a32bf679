import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawMessage } from '../../../domain/message/raw-message.ts';
import { createPipeline, type PipelinePorts } from '../../../local/pipeline/pipeline.ts';
import { memoryLedger } from '../../contract/memory-ledger.ts';
import { memoryQuarantine } from '../../contract/memory-quarantine.ts';
import { memoryTelemetry } from '../../contract/memory-telemetry.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { failingOnce } from '../../fixture/failing-port.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';

const at = (second: number): number => START_MS + second * 1000;
const raw = (...args: Parameters<typeof messageOf>): RawMessage => messageOf(...args).raw;

const fixture = (ports: Partial<PipelinePorts> = {}) => {
  const ledger = memoryLedger();
  const telemetry = memoryTelemetry();
  const failures: unknown[] = [];
  let drains = 0;
  const pipeline = createPipeline({
    telemetry,
    quarantine: memoryQuarantine(),
    ledger,
    policies: SHORT_BOOK,
    relay: {
      drain: () => {
        drains += 1;
        return Promise.resolve();
      },
    },
    fail: (error) => failures.push(error),
    ...ports,
  });
  const stateOf = async (cylinder: string) => (await ledger.cylinders([cylinder])).get(cylinder)?.record;
  return { pipeline, ledger, telemetry, failures, stateOf, drains: () => drains };
};

test('a message is stored and its cylinder saved when it is taken in, and what comes of it is sent out', async () => {
  const { pipeline, telemetry, stateOf, drains } = fixture();
  const taken = Promise.all([pipeline.take(raw('c', 'nnn')), pipeline.take(raw('d', 'nn'))]);
  await pipeline.settle();
  await taken;
  assert.equal(telemetry.samples.size, 5);
  assert.equal((await stateOf('c'))?.statistics?.last.seq, 2);
  assert.ok(drains() > 0);
  assert.deepEqual(pipeline.counts(), { messages: 2, stored: 5, repeated: 0, quarantined: 0 });
});

test('repetitions and what is not understood are counted', async () => {
  const { pipeline } = fixture();
  const garbage = { ...raw('c', 'n'), body: new TextEncoder().encode('garbage') };
  const taken = [raw('c', 'nn'), raw('c', 'nn'), garbage].map((message) => pipeline.take(message));
  await pipeline.settle();
  await Promise.all(taken);
  assert.deepEqual(pipeline.counts(), { messages: 3, stored: 2, repeated: 2, quarantined: 1 });
});

test('between two groups both stores say the same, whatever came in the group that is asked in', async () => {
  const { pipeline, telemetry, stateOf } = fixture();
  const seen: unknown[] = [];
  const taken = [
    pipeline.take(raw('c', 'n')),
    pipeline.between(async () => {
      seen.push(telemetry.samples.size, (await stateOf('c'))?.statistics?.last.seq);
    }),
    pipeline.take(raw('c', 'n', { from: 1 })),
  ];
  await pipeline.settle();
  await Promise.all(taken);
  assert.deepEqual(seen, [2, 1]);
});

test('a command between two messages of one group takes effect between them', async () => {
  const desired = { maintenance: { by: 'ann', reason: 'seal', until: at(40) } };
  const conditions = async (commandFirst: boolean): Promise<readonly string[]> => {
    const { pipeline, ledger } = fixture();
    const steps = [
      () => pipeline.take(raw('c', 'nnAAAAAA', { at: 8 })),
      () => pipeline.applyDesired({ thing: 'c', desired, receivedAt: at(9) }),
      () => pipeline.take(raw('c', 'AA', { from: 8, at: 10 })),
    ];
    const order = commandFirst ? [steps[1], steps[0], steps[2]] : steps;
    // A command is for a cylinder that is known.
    const done = [() => pipeline.take(raw('c', 'n', { at: 1 })), ...order].map((step) => step?.());
    await pipeline.settle();
    await Promise.all(done);
    return (await ledger.pending(100)).flatMap(({ item }) =>
      item.kind === 'transition' && item.transition.kind === 'condition' ? [item.transition.to] : [],
    );
  };
  assert.deepEqual((await conditions(false)).slice(-2), ['ACTIVE', 'NORMAL']);
  assert.deepEqual((await conditions(true)).slice(-1), []);
});

test('a command for a cylinder that was never heard leaves nothing behind', async () => {
  const { pipeline, ledger, stateOf } = fixture();
  const desired = { ack: { by: 'ann' }, maintenance: { by: 'ann', reason: 'seal', until: at(40) } };
  await Promise.all([
    pipeline.applyDesired({ thing: 'other', desired, receivedAt: at(9) }),
    pipeline.settle(),
  ]);
  assert.equal(await stateOf('other'), undefined);
  assert.deepEqual(await ledger.pending(100), []);
});

test('a sweep comes after the messages that were taken in before it', async () => {
  const { pipeline, ledger } = fixture();
  const done = [pipeline.take(raw('c', 'nnAAA', { at: 5 })), pipeline.sweep(at(60))];
  await pipeline.settle();
  await Promise.all(done);
  const conditions = (await ledger.pending(100)).flatMap(({ item }) =>
    item.kind === 'transition' && item.transition.kind === 'condition' ? [item.transition.to] : [],
  );
  // Only the sweep, long after the last sample, judges the seconds that still wait for stragglers.
  assert.equal(conditions.at(-1), 'ACTIVE');
});

test('where the store fails nothing is saved, the sender hears of it, the run does, and nothing goes out', async () => {
  const { pipeline, stateOf, failures, drains } = fixture({
    telemetry: failingOnce(memoryTelemetry(), 'write'),
  });
  const taken = assert.rejects(pipeline.take(raw('c', 'n')), /write is not there/);
  await pipeline.settle();
  await taken;
  assert.equal(await stateOf('c'), undefined);
  assert.match(String(failures[0]), /write is not there/);
  assert.equal(drains(), 0);
});

test('where the ledger fails the sender hears of it, and may send again what was stored already', async () => {
  const telemetry = memoryTelemetry();
  const ledger = failingOnce(memoryLedger(), 'save');
  const { pipeline, failures } = fixture({ telemetry, ledger });
  const taken = assert.rejects(pipeline.take(raw('c', 'n')), /save is not there/);
  await pipeline.settle();
  await taken;
  assert.equal(failures.length, 1);
  await pipeline.take(raw('c', 'n'));
  assert.equal(telemetry.samples.size, 1);
});

test('where sending out fails the run hears of it, and what was taken in stays acknowledged', async () => {
  const relay = { drain: () => Promise.reject(new Error('nobody there')) };
  const { pipeline, failures } = fixture({ relay });
  const taken = pipeline.take(raw('c', 'n'));
  await pipeline.settle();
  await taken;
  assert.equal(failures.length, 1);
});

test('what many ask for between messages of one group is one save, and of one cylinder all keeps its order', async () => {
  const real = memoryLedger();
  const saved: number[] = [];
  const { pipeline } = fixture({
    ledger: {
      ...real,
      save: (changes) => {
        saved.push(changes.length);
        return real.save(changes);
      },
    },
  });
  const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
  const first = names.map((name) => pipeline.take(raw(name, 'n')));
  await pipeline.settle();
  await Promise.all(first);
  saved.length = 0;
  const maintenance = { by: 'ann', reason: 'seal', until: at(40) };
  const asked = names.flatMap((thing) => [
    pipeline.applyDesired({ thing, desired: { maintenance }, receivedAt: at(1) }),
    pipeline.take(raw(`d${thing}`, 'n')),
  ]);
  await pipeline.settle();
  await Promise.all(asked);
  // The cylinders of the messages, their gateway, and each desired state beside the others.
  assert.equal(saved.filter((count) => count > 1).length, 1);
});
