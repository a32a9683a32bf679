import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { simulatedClock } from './simulated-clock.ts';
import { type StreamRecord, type StreamSettings, streamSource } from './stream-source.ts';
import { BLANK, type Tape, tapeOf } from './tape.ts';

const SETTINGS: StreamSettings = {
  source: 'aws:kinesis',
  functionName: 'f',
  batchSize: 4,
  parallelizationFactor: 1,
  reportsItemFailures: true,
  bisects: true,
  maximumRetryAttempts: 2,
  maximumRecordAgeMs: 3_600_000,
  patterns: [],
};

const record = (name: string, lane = 'a', shard = 's'): StreamRecord => ({
  sequence: name,
  shard,
  lane,
  arrivedAt: 0,
  record: { name },
});

type Given = Readonly<{
  names?: string;
  settings?: Partial<StreamSettings>;
  tape?: Tape;
  answer: (names: string) => unknown;
}>;

/** Puts one record for each letter, drains, and says which batches the function saw and what was given up. */
const drain = async ({ names = 'abcd', settings = {}, tape = BLANK, answer }: Given) => {
  const batches: string[] = [];
  const clock = simulatedClock(0);
  const source = streamSource(
    { ...SETTINGS, ...settings },
    {
      clock,
      tape,
      invoke: (event) => {
        const { Records }: { Records: readonly { name: string }[] } = JSON.parse(JSON.stringify(event));
        const batch = Records.map(({ name }) => name).join('');
        batches.push(batch);
        return Promise.try(() => answer(batch));
      },
    },
  );
  source.put([...names].map((name) => record(name)));
  for (let [lane] = source.busy(); lane !== undefined; [lane] = source.busy()) await source.step(lane);
  const failed = source.failed().map(({ document }) => document);
  return { batches, failed, clock };
};

const failures = (...identifiers: readonly unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('a stream as a function is fed from it', () => {
  for (const [what, answered] of [
    ['nothing', undefined],
    ['null', null],
    ['an empty list', { batchItemFailures: [] }],
    ['no list', {}],
    ['null for a list', { batchItemFailures: null }],
  ] as const) {
    test(`goes on after ${what}`, async () => {
      const { batches } = await drain({ names: 'abcdef', answer: () => answered });
      assert.deepEqual(batches, ['abcd', 'ef']);
    });
  }

  for (const [what, answered] of [
    ['an empty identifier', failures('')],
    ['a null identifier', failures(null)],
    ['an identifier that is not of the batch', failures('x')],
    ['an item with another key', { batchItemFailures: [{ id: 'b' }] }],
  ] as const) {
    test(`gives all of a batch again after ${what}`, async () => {
      let first = true;
      const answer = () => {
        const given = first ? answered : undefined;
        first = false;
        return given;
      };
      const { batches } = await drain({ settings: { bisects: false }, answer });
      assert.deepEqual(batches, ['abcd', 'abcd']);
    });
  }

  test('begins again at the lowest record that failed', async () => {
    const answer = (batch: string) => (batch === 'abcd' ? failures('d', 'b') : undefined);
    assert.deepEqual((await drain({ answer })).batches, ['abcd', 'bcd']);
  });

  test('takes an answer for nothing where it is not told to look at it', async () => {
    const { batches } = await drain({
      settings: { reportsItemFailures: false },
      answer: () => failures('a'),
    });
    assert.deepEqual(batches, ['abcd']);
  });

  test('halves a batch whose function threw, in order, at no cost of retries, and gives up the one bad record', async () => {
    const answer = (batch: string) => {
      if (batch.includes('b')) throw new Error('bad');
    };
    const { batches, failed } = await drain({ answer });
    assert.deepEqual(batches, ['abcd', 'ab', 'a', 'b', 'b', 'b', 'cd']);
    assert.deepEqual(
      failed.map(({ payload }) => payload),
      ['{"Records":[{"name":"b"}]}'],
    );
  });

  test('without halving, gives up all of a batch after its retries, with the event that it was', async () => {
    const answer = (batch: string) => {
      if (batch.includes('b')) throw new Error('bad');
    };
    const { batches, failed } = await drain({ names: 'abcdef', settings: { bisects: false }, answer });
    assert.deepEqual(batches, ['abcd', 'abcd', 'abcd', 'ef']);
    assert.deepEqual(JSON.parse(failed[0]?.payload ?? ''), {
      Records: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }],
    });
    assert.deepEqual(failed[0]?.requestContext, {
      requestId: '00000000-0000-4000-8000-000000000001',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    });
  });

  test('gives up what became too old before it was done with', async () => {
    const settings = { maximumRetryAttempts: -1, maximumRecordAgeMs: 5000 };
    const answer = () => {
      throw new Error('down');
    };
    const { failed } = await drain({ names: 'a', settings, answer });
    assert.deepEqual(
      failed.map(({ requestContext }) => Object(requestContext).condition),
      ['RecordAgeExceeded'],
    );
  });

  test('knows no answer that AWS does not describe', async () => {
    await assert.rejects(drain({ answer: () => ({ batchItemFailures: 'a' }) }), /no service says/);
  });

  test('whatever fails, hands over the records of a lane in their order, and each until it is done with or given up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5039), { maxLength: 80 }),
        fc.record({
          batchSize: fc.integer({ min: 1, max: 5 }),
          bisects: fc.boolean(),
          maximumRetryAttempts: fc.nat(3),
        }),
        async (choices, settings) => {
          const tape = tapeOf(choices);
          const done = new Set<string>();
          const answer = (batch: string) => {
            const fate = tape.choose(3);
            if (fate === 1) throw new Error('down');
            const until = fate === 2 ? tape.choose(batch.length) : batch.length;
            for (const name of batch.slice(0, until)) done.add(name);
            return until === batch.length ? undefined : failures(batch[until]);
          };
          const { batches, failed } = await drain({ names: 'abcdefgh', settings, tape, answer });
          for (const batch of batches) assert.equal(batch, [...batch].toSorted().join(''));
          let reached = 0;
          for (const batch of batches) {
            // Nothing is handed over while something before it is neither done with nor given up.
            const from = 'abcdefgh'.indexOf(batch[0] ?? '');
            assert.ok(from <= reached, `${batch} came before its turn`);
            reached = Math.max(reached, from + batch.length);
          }
          const givenUp = failed.flatMap(({ payload }) =>
            JSON.parse(payload).Records.map(({ name }: { name: string }) => name),
          );
          assert.deepEqual([...new Set([...done, ...givenUp])].toSorted().join(''), 'abcdefgh');
        },
      ),
    );
  });

  test('hands over several batches of a shard at once only for different lanes', () => {
    const put = (parallelizationFactor: number) => {
      const ports = { clock: simulatedClock(0), tape: BLANK, invoke: () => Promise.resolve() };
      const source = streamSource({ ...SETTINGS, parallelizationFactor }, ports);
      source.put([record('1', 'a'), record('2', 'b'), record('3', 'a'), record('4', 'a', 't')]);
      return source.busy();
    };
    assert.deepEqual(put(1), ['s', 't']);
    assert.deepEqual(put(10), ['s/a', 's/b', 't/a']);
  });
});
