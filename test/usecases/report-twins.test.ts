import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { LedgerItem } from '../../usecases/ports/outbox.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { memoryTwins } from '../contract/memory-twins.ts';

const twinItem = (cylinder: string, version: number): LedgerItem => ({
  kind: 'twin',
  cylinder,
  twin: { version },
  version,
});

/** Twins of which some cannot be written. */
const without = (twins: Twins, names: readonly string[]): Twins => ({
  report: (cylinder, twin, version) =>
    names.includes(cylinder)
      ? Promise.reject(new Error(`${cylinder} is not there`))
      : twins.report(cylinder, twin, version),
});

describe('the twins of a batch', () => {
  test('of each cylinder the newest is written, once', async () => {
    const twins = memoryTwins();
    const calls: string[] = [];
    const counting: Twins = {
      report: (cylinder, twin, version) => {
        calls.push(`${cylinder} ${version}`);
        return twins.report(cylinder, twin, version);
      },
    };
    const outcome = await reportTwins({ twins: counting })([
      twinItem('a', 1),
      twinItem('b', 7),
      twinItem('a', 3),
      twinItem('a', 2),
    ]);
    assert.deepEqual(outcome, { reported: 2, failed: [], malformed: [] });
    assert.deepEqual(calls.sort(), ['a 3', 'b 7']);
  });

  test('one that fails is named by its newest item and keeps no other from being written', async () => {
    const twins = memoryTwins();
    const items = [
      twinItem('a', 1),
      twinItem('b', 1),
      twinItem('a', 2),
      ...Array.from({ length: 20 }, (_, i) => twinItem(`c${i}`, 1)),
    ];
    const { reported, failed } = await reportTwins({ twins: without(twins, ['a', 'c19']) })(items);
    assert.deepEqual(
      [reported, failed.map(({ index, cylinder }) => [index, cylinder])],
      [
        20,
        [
          [2, 'a'],
          [22, 'c19'],
        ],
      ],
    );
    assert.equal(twins.kept.size, 20);
  });

  test('what is malformed is named with its fault, what is for others is passed over, their neighbours are written', async () => {
    const twins = memoryTwins();
    const malformed: LedgerItem = { kind: 'malformed', name: 'C#a TWIN', fault: 'is no twin' };
    const outcome = await reportTwins({ twins })([
      twinItem('x', 1),
      malformed,
      { kind: 'nothing' },
      twinItem('y', 1),
    ]);
    assert.deepEqual(outcome, {
      reported: 2,
      failed: [],
      malformed: [{ index: 1, detail: 'C#a TWIN is no twin' }],
    });
  });

  test('however batches are cut, ordered and repeated, each twin ends as its newest record says', async () => {
    const items = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(items, { minLength: 1, maxLength: 5 }), async (batches) => {
        const twins = memoryTwins();
        for (const batch of batches)
          await reportTwins({ twins })(batch.map(([name, version]) => twinItem(name, version)));
        for (const [name, { version }] of twins.kept) {
          const versions = batches.flat().flatMap(([other, one]) => (other === name ? [one] : []));
          assert.equal(version, Math.max(...versions));
        }
      }),
    );
  });
});
