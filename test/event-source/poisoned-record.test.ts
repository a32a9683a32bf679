import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import type { EndState } from './end-state.ts';
import { deployLine, NO_MISHAPS } from './happen.ts';
import type { Line } from './line.ts';
import type { Asked } from './mishap.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { messageOf, play, redriveAll, type Story } from './story.ts';
import { BLANK } from './tape.ts';

const happen = await deployLine(SHORT_POLICY);

/** Two cylinders of one gateway that both go wrong and recover; what one does has to wait for nothing of the other. */
const STORY: Story = [
  ['c1', 'c2', 'c3'].flatMap((name) => {
    const cylinder = name === 'c1' ? 'c1' : name === 'c2' ? 'c2' : 'c3';
    return [
      messageOf(cylinder, 'AAAAA', 0, 5),
      messageOf(cylinder, 'AAAAA', 5, 10),
      messageOf(cylinder, 'nnnnnnnnnn', 10, 20),
    ];
  }),
  [{ kind: 'sweep', at: 25 }],
];

/** What there is of the cylinders but the one that is poisoned. */
const healthy = (end: EndState) => {
  const isOther = (value: unknown): boolean => !/c1/.test(JSON.stringify(value));
  const { published, samples, twins, records } = end;
  return [published.toSorted((a, b) => (a.id < b.id ? -1 : 1)), samples, twins, records].map((all) =>
    all.filter(isOther),
  );
};

const unordered = ({ published, ...rest }: EndState) => ({
  ...rest,
  published: published.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
});

const CASES: readonly (readonly [what: string, isPoisoned: (asked: Asked) => boolean])[] = [
  [
    'samples that the telemetry store always fails on',
    ({ service, body }) => service === 'telemetry' && /"c1"/.test(body),
  ],
  ['a notice that SNS always fails on', ({ service, body }) => service === 'sns' && /c1%40/.test(body)],
  [
    'a notice that cannot be claimed',
    ({ operation, body }) => operation === 'UpdateItem' && /C#c1/.test(body),
  ],
  ['a twin that cannot be written', ({ service, path }) => service === 'shadows' && /\/c1\//.test(path)],
];

const NEVER: readonly (readonly [what: string, isPoisoned: (asked: Asked) => boolean])[] = [
  [
    'samples that the telemetry store will never take',
    ({ service, body }) => service === 'telemetry' && /"c1"/.test(body) && /"sample"/.test(body),
  ],
  ['a notice that SNS will never take', ({ service, body }) => service === 'sns' && /c1%40/.test(body)],
  ['a twin that is no document', ({ service, path }) => service === 'shadows' && /\/c1\//.test(path)],
];

describe('a record that would fail however often it were tried', () => {
  for (const [what, isPoisoned] of NEVER) {
    test(`${what}: it is parked at once, and its neighbours wait for nothing`, async () => {
      const settings = { ingest: 'stream' } as const;
      const act = (line: Line, clock: SimulatedClock) => play(line, clock, STORY);
      const wanted = await happen({ tape: BLANK, mishaps: NO_MISHAPS, settings, act });
      let isHealed = false;
      const before: unknown[] = [];
      const end = await happen({
        tape: BLANK,
        mishaps: (asked) => (!isHealed && isPoisoned(asked) ? 'invalid' : 'none'),
        settings,
        act: async (line, clock, look) => {
          await play(line, clock, STORY, () => Promise.resolve());
          before.push(healthy(await look()));
          // No source gave anything up: nothing was tried until it was too old.
          for (const source of Object.values(line.streams)) assert.deepEqual(source.failed(), []);
          assert.ok(line.parked.length > 0, 'nothing was parked');
          isHealed = true;
          await redriveAll(line);
        },
      });
      assert.deepEqual(before[0], healthy(wanted));
      assert.deepEqual(unordered(end), unordered(wanted));
    });
  }
});

test('messages of a cylinder whose record is damaged are parked at once, and its neighbours wait for nothing', async () => {
  const settings = { ingest: 'stream' } as const;
  const wanted = await happen({
    tape: BLANK,
    mishaps: NO_MISHAPS,
    settings,
    act: (line, clock) => play(line, clock, STORY),
  });
  const before: unknown[] = [];
  await happen({
    tape: BLANK,
    mishaps: NO_MISHAPS,
    settings,
    act: async (line, clock, look) => {
      const damaged = { pk: { S: 'C#c1' }, sk: { S: 'STATE' }, record: { B: 'AAAA' }, version: { N: '1' } };
      line.dynamo.table.put(damaged);
      await play(line, clock, STORY, () => Promise.resolve());
      for (const source of Object.values(line.streams)) assert.deepEqual(source.failed(), []);
      assert.ok(line.parked.length > 0, 'nothing was parked');
      assert.ok(line.parked.every(({ name }) => name === 'watch'));
      line.dynamo.table.remove(damaged);
      before.push(healthy(await look()));
    },
  });
  assert.deepEqual(before[0], healthy(wanted));
});

describe('a record that always fails', () => {
  for (const [what, isPoisoned] of CASES) {
    test(`${what}: its neighbours go on, and it stays a dead letter until it can be put back`, async () => {
      // Given up by tries; where it is deployed tries do not run out, and what is old is given up.
      const given = { maximumRetryAttempts: 10 } as const;
      const sources = { store: given, watch: given, notify: given, twin: given };
      const settings = { ingest: 'stream', sources } as const;
      const wanted = await happen({
        tape: BLANK,
        mishaps: NO_MISHAPS,
        settings,
        act: (line, clock) => play(line, clock, STORY),
      });
      let isHealed = false;
      const before: unknown[] = [];
      const end = await happen({
        tape: BLANK,
        mishaps: (asked) => (!isHealed && isPoisoned(asked) ? 'refused' : 'none'),
        settings,
        act: async (line, clock, look) => {
          await play(line, clock, STORY, () => Promise.resolve());
          before.push(healthy(await look()));
          isHealed = true;
          assert.ok((await redriveAll(line)) > 0, 'nothing became a dead letter');
        },
      });
      assert.deepEqual(before[0], healthy(wanted));
      assert.deepEqual(unordered(end), unordered(wanted));
    });
  }
});
