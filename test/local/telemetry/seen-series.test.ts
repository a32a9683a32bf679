import assert from 'node:assert/strict';
import { test } from 'node:test';
import { see, seenBetween } from '../../../local/telemetry/seen-numbers.ts';
import { seenSeries } from '../../../local/telemetry/seen-series.ts';
import type { Series } from '../../../local/telemetry/series.ts';

const series = (cylinder: string): Series => ({ key: cylinder, cylinder, boot: null });

/** A load that finds nothing, and says which series it was asked for. */
const recordingLoad = () => {
  const asked: string[][] = [];
  const load = (missing: readonly Series[]) => {
    asked.push(missing.map(({ key }) => key));
    return Promise.resolve(new Map([['a', seenBetween(5, 9)]]));
  };
  return { asked, load };
};

test('a series is loaded when it is seen first, all that are missing at once, and then remembered', async () => {
  const seen = seenSeries();
  const { asked, load } = recordingLoad();
  const copies = await seen.copies([series('a'), series('b')], load);
  assert.deepEqual(copies.get('a'), seenBetween(5, 9));
  assert.deepEqual(copies.get('b'), seenBetween());
  seen.keep(copies);
  await seen.copies([series('b'), series('a')], load);
  assert.deepEqual(asked, [['a', 'b']]);
});

test('copies that are not kept change nothing', async () => {
  const seen = seenSeries();
  const { load } = recordingLoad();
  seen.keep(await seen.copies([series('b')], load));
  const changed = (await seen.copies([series('b')], load)).get('b');
  assert.ok(changed !== undefined);
  see(changed, 1);
  assert.deepEqual((await seen.copies([series('b')], load)).get('b'), seenBetween());
});

test('a forgotten series is loaded again, and so is the one that was not used for longest when there are too many', async () => {
  const seen = seenSeries(2);
  const { asked, load } = recordingLoad();
  for (const name of ['a', 'b', 'a', 'c']) seen.keep(await seen.copies([series(name)], load));
  await seen.copies([series('a'), series('c')], load);
  await seen.copies([series('b')], load);
  seen.forget([series('a')]);
  await seen.copies([series('a'), series('c')], load);
  assert.deepEqual(asked, [['a'], ['b'], ['c'], ['b'], ['a']]);
});
