import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readTwinItem } from '../../aws/dynamodb/twin-item.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import { reportTwins } from '../../usecases/report-twins.ts';
import { memoryTwins } from '../contract/memory-twins.ts';

const image = (cylinder: string, version: number, twin: unknown = { version }) => ({
  pk: `C#${cylinder}`,
  sk: 'TWIN',
  version,
  twin,
});

/** Reports what the images of a batch of the stream say. */
const reportImages = (twins: Twins) => {
  const report = reportTwins({ twins });
  return (images: readonly unknown[]) => report(images.map(readTwinItem));
};

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
    const outcome = await reportImages(counting)([
      image('a', 1),
      image('b', 7),
      image('a', 3),
      image('a', 2),
    ]);
    assert.deepEqual(outcome, { reported: 2, failed: [], malformed: [] });
    assert.deepEqual(calls.sort(), ['a 3', 'b 7']);
  });

  test('a twin may be a map or JSON text', async () => {
    const twins = memoryTwins();
    await reportImages(twins)([image('a', 1, { x: 1 }), image('b', 1, '{"x":1}')]);
    assert.deepEqual(
      [...twins.kept.values()].map(({ twin }) => twin),
      [{ x: 1 }, { x: 1 }],
    );
  });

  test('one that fails is named by its newest image and keeps no other from being written', async () => {
    const twins = memoryTwins();
    const images = [
      image('a', 1),
      image('b', 1),
      image('a', 2),
      ...Array.from({ length: 20 }, (_, i) => image(`c${i}`, 1)),
    ];
    const { reported, failed } = await reportImages(without(twins, ['a', 'c19']))(images);
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

  for (const [what, wrong, detail] of [
    ['no image', undefined, /no twin item/],
    ['the key of a gateway', { ...image('a', 1), pk: 'G#a' }, /pk/],
    ['a name that no cylinder has', image('a b', 1), /pk: names no cylinder/],
    ['another item of the cylinder', { ...image('a', 1), sk: 'STATE' }, /sk/],
    ['a version that is none', { ...image('a', 1), version: '1' }, /version/],
    ['a twin that is a list', image('a', 1, [1]), /twin/],
    ['a twin that is broken text', image('a', 1, '{'), /twin/],
  ] as const) {
    test(`${what} is malformed, and its neighbours are written`, async () => {
      const twins = memoryTwins();
      const { reported, failed, malformed } = await reportImages(twins)([
        image('x', 1),
        wrong,
        image('y', 1),
      ]);
      assert.deepEqual([reported, failed, malformed.map(({ index }) => index)], [2, [], [1]]);
      assert.match(malformed[0]?.detail ?? '', detail);
    });
  }

  test('however batches are cut, ordered and repeated, each twin ends as its newest record says', async () => {
    const items = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(items, { minLength: 1, maxLength: 5 }), async (batches) => {
        const twins = memoryTwins();
        for (const batch of batches)
          await reportImages(twins)(batch.map(([name, version]) => image(name, version)));
        for (const [name, { version }] of twins.kept) {
          const versions = batches.flat().flatMap(([other, one]) => (other === name ? [one] : []));
          assert.equal(version, Math.max(...versions));
        }
      }),
    );
  });
});
