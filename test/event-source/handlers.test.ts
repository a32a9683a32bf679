import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import { recordedEvent } from '../fixture/recorded-event.ts';
import { FUNCTIONS } from './function-runtime.ts';
import { deployLine, NO_MISHAPS } from './happen.ts';
import type { Line } from './line.ts';
import { changes, withChanges } from './recorded-changes.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(DEFAULT_POLICY);

/** Calls functions on a new line and says how it ends. */
const call = (act: (line: Line) => Promise<unknown>) =>
  happen({ tape: BLANK, mishaps: NO_MISHAPS, settings: { ingest: 'stream' }, act });

describe('store', () => {
  test('stores a message of the rule', async () => {
    const { samples, quarantine } = await call((line) => line.run('store', recordedEvent('rule-message')));
    assert.deepEqual(
      samples.map(({ sample }) => [sample.cylinder, sample.t, sample.seq, sample.receivedAt]),
      [['cyl-07', 1_763_800_000_123, 41, 1_763_800_000_456]],
    );
    assert.deepEqual(quarantine, []);
  });

  test('stores what it understands of a batch and keeps the bytes of the rest', async () => {
    const { samples, quarantine } = await call((line) => line.run('store', recordedEvent('inference-batch')));
    assert.equal(samples.length, 1);
    const kept = quarantine.map(({ record }) => [
      record?.raw.topic,
      Buffer.from(record?.raw.body ?? []).toString('latin1'),
    ]);
    assert.deepEqual(kept.toSorted(), [
      ['', 'written by somebody else'],
      ['greengrass/ml/inference/line-3/cyl-07', '\u00ff\u00fenot json'],
    ]);
  });
});

test('store counts what became of a batch', async (context) => {
  const { metrics } = await import('../../aws/lambda/observed.ts');
  const counted = context.mock.method(metrics, 'addMetric', () => metrics);
  await call((line) => line.run('store', recordedEvent('inference-batch')));
  assert.deepEqual(
    Object.fromEntries(counted.mock.calls.map(({ arguments: [name, , value] }) => [name, value])),
    {
      Messages: 3,
      SamplesStored: 1,
      SamplesRepeated: 0,
      Quarantined: 2,
      SamplesRejected: 0,
    },
  );
});

test('a run that counts nothing writes nothing into the log', async (context) => {
  const written = (['log', 'info', 'warn', 'error'] as const).map((name) =>
    context.mock.method(console, name, () => undefined),
  );
  await call((line) => line.run('watch', recordedEvent('rule-message')));
  assert.deepEqual(
    written.map((method) => method.mock.callCount()),
    [0, 0, 0, 0],
  );
});

describe('watch', () => {
  for (const name of ['rule-message', 'inference-batch'] as const) {
    test(`notes in the ledger what it heard in a ${name}`, async () => {
      const { records } = await call((line) => line.run('watch', recordedEvent(name)));
      assert.deepEqual(
        records.map(({ id }) => id),
        ['C#cyl-07'],
      );
    });
  }
});

describe('sweep', () => {
  test('sweeps for the time that the schedule meant, or for now where it is woken by hand', async () => {
    const asked: string[] = [];
    await happen({
      tape: BLANK,
      mishaps: ({ body }) => {
        asked.push(...(/":now":\{"N":"(\d+)"/.exec(body) ?? []).slice(1));
        return 'none';
      },
      settings: { ingest: 'stream' },
      act: async (line, clock) => {
        await line.run('sweep', recordedEvent('scheduled-sweep'));
        await line.run('sweep', {});
        asked.push(String(clock.now()));
      },
    });
    const [meant, now, clock] = asked;
    assert.equal(meant, String(Date.parse('2025-11-22T08:27:00Z')));
    assert.equal(now, clock);
  });
});

describe('command', () => {
  test('does what is desired, or shows in the twin why not', async () => {
    const { records, twins } = await call(async (line) => {
      await line.run('watch', recordedEvent('rule-message'));
      await line.run('command', recordedEvent('desired-state'));
      await line.settle();
    });
    assert.equal(Object(Object(records[0]?.record).refused).why, 'no incident');
    assert.equal(Object(Object(twins[0]?.twin).refused).why, 'no incident');
  });
});

describe('notify', () => {
  test('tells the notice among changes of all kinds, and no second time', async () => {
    const { published, recorded, untold } = await call(async (line) => {
      withChanges(line);
      assert.deepEqual(await line.run('notify', recordedEvent('ledger-changes')), { batchItemFailures: [] });
      assert.deepEqual(await line.run('notify', recordedEvent('ledger-changes')), { batchItemFailures: [] });
    });
    assert.deepEqual(
      published.map(({ id }) => id),
      ['c1@1700000002000#1'],
    );
    assert.equal(recorded.length, 1);
    assert.deepEqual(untold, []);
  });
});

test('notify names every item that failed, so that the source begins again at the first', async () => {
  const [, , ...rest] = changes();
  const incidentAndNotice = rest
    .filter(({ dynamodb }) => dynamodb.NewImage?.toldAt === undefined)
    .slice(0, 2);
  await happen({
    tape: BLANK,
    mishaps: ({ service }) => (service === 'sns' || service === 'telemetry' ? 'refused' : 'none'),
    settings: { ingest: 'stream' },
    act: async (line) => {
      withChanges(line);
      const answer = await line.run('notify', { Records: incidentAndNotice });
      const identifiers = incidentAndNotice.map(({ dynamodb }) => ({
        itemIdentifier: dynamodb.SequenceNumber,
      }));
      assert.deepEqual(answer, { batchItemFailures: identifiers });
    },
  });
});

describe('twin', () => {
  test('writes the twin among changes of all kinds', async () => {
    const twin = changes().filter(({ dynamodb }) => dynamodb.NewImage?.sk?.S === 'TWIN');
    const { twins } = await call(async (line) => {
      withChanges(line);
      assert.deepEqual(await line.run('twin', { Records: twin }), { batchItemFailures: [] });
    });
    assert.equal(Object(twins[0]?.twin).condition, 'ACTIVE');
  });
});

describe('an event that is not for a function makes it fail by name, so that the event is kept', () => {
  const faults = {
    store: /neither a message of the IoT rule nor a batch of the stream/,
    watch: /neither a message of the IoT rule nor a batch of the stream/,
    command: /not the desired state of a twin/,
    notify: /not a batch of the ledger's stream/,
    twin: /not a batch of the ledger's stream/,
  };
  for (const name of FUNCTIONS) {
    if (name === 'sweep' || name === 'canary') continue;
    for (const [what, event] of [
      ['nothing', null],
      ['a text', 'hello'],
      ['an event of another service', { source: 'aws.s3', detail: {} }],
    ] as const) {
      test(`${name}: ${what}`, async () => {
        await call((line) => assert.rejects(line.run(name, event), faults[name]));
      });
    }
  }
});

describe('a service that fails makes a function fail, so that its event is given again', () => {
  for (const [name, event, failing] of [
    ['store', recordedEvent('rule-message'), 'telemetry'],
    ['store', { ...recordedEvent('rule-message'), body: btoa('no JSON') }, 's3'],
    ['watch', recordedEvent('rule-message'), 'dynamodb'],
    ['sweep', recordedEvent('scheduled-sweep'), 'dynamodb'],
    ['command', recordedEvent('desired-state'), 'dynamodb'],
  ] as const) {
    test(`${name} without ${failing}`, async () => {
      await happen({
        tape: BLANK,
        mishaps: ({ service }) => (service === failing ? 'refused' : 'none'),
        settings: { ingest: 'direct' },
        act: (line) => assert.rejects(line.run(name, event)),
      });
    });
  }
});
