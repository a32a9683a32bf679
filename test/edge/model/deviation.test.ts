import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SENSORS, type SensorValues } from '../../../domain/message/sample.ts';
import {
  type Baseline,
  baselineText,
  createDeviations,
  readBaselineText,
} from '../../../edge/model/deviation.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { bytesOf, sound, stump } from './stump.ts';

const SETTINGS = { samples: 5, smooth: 2 };

/** A sample of which all sensors say the same. */
const all = (value: number | null): SensorValues => SENSORS.map(() => value);
const firstOf = (seen: SensorValues | null) => (seen === null ? 'none' : seen[0]);

test('a sensor is held against its first samples, which grow to a baseline and then stand', () => {
  const deviations = createDeviations(SETTINGS);
  const seen = [10, 10, 10, 14, 6, 20, 20, 20].map((value) => firstOf(deviations(all(value), 'a')));
  assert.deepEqual(seen, [
    'none',
    'none',
    'none',
    // A mean of 12 against the first four, which are 11 on average.
    1 / 11,
    0,
    // 13 and then 20 against the first five, 10 on average, which no later sample moves.
    0.3,
    1,
    1,
  ]);
});

test('what has no baseline, or one of 0, or does not answer, is missing', () => {
  const deviations = createDeviations(SETTINGS);
  const row = (fifth: number | null): SensorValues => [1, 0, null, 4, fifth, 6];
  for (let i = 0; i < 5; i += 1) deviations(row(5), 'a');
  assert.deepEqual(deviations([2, 1, 1, 4, null, 6], 'a'), [0.5, null, null, 0, null, 0]);
});

const samples = fc.array(
  fc.tuple(
    fc.constantFrom('a', 'b'),
    fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { minLength: 6, maxLength: 6 }),
  ),
  { maxLength: 30 },
);

test('only what came before counts, each cylinder by itself', () => {
  fc.assert(
    fc.property(samples, fc.nat(30), (stream, cut) => {
      const whole = createDeviations(SETTINGS);
      const seen = stream.map(([cylinder, values]) => whole(values, cylinder));
      const part = createDeviations(SETTINGS);
      const early = stream.slice(0, cut).map(([cylinder, values]) => part(values, cylinder));
      assert.deepEqual(early, seen.slice(0, cut));
      for (const name of ['a', 'b']) {
        const alone = createDeviations(SETTINGS);
        const own = stream.filter(([cylinder]) => cylinder === name);
        assert.deepEqual(
          own.map(([, values]) => alone(values, name)),
          seen.filter((_, at) => stream[at]?.[0] === name),
        );
      }
    }),
  );
});

test('a baseline that was learned goes on in the next start, and is told once', () => {
  const learned = new Map<string, Baseline>();
  const first = createDeviations(SETTINGS, {
    onLearned: (cylinder, baseline) => {
      assert.ok(!learned.has(cylinder));
      learned.set(cylinder, baseline);
    },
  });
  for (let i = 0; i < 9; i += 1) first(all(10), 'a');
  for (let i = 0; i < 4; i += 1) first(all(10), 'b');
  assert.deepEqual([...learned], [['a', all(10)]]);
  const next = createDeviations(SETTINGS, { baselines: learned });
  assert.deepEqual(
    [15, 15, 15].map((value) => firstOf(next(all(value), 'a'))),
    ['none', 0.5, 0.5],
  );
});

test('a model file says what it is given, and one that says what nobody knows is refused', () => {
  const document = stump({ feature: 0, split: 0.5, left: -1, right: 1 });
  const withText = (text: unknown) => {
    const { learner, ...others } = document;
    return bytesOf({ ...others, learner: { ...learner, attributes: { sentinel_baseline: text } } });
  };
  assert.equal(sound(readModel(bytesOf(document), 'm')).baseline, undefined);
  assert.deepEqual(sound(readModel(withText('300 30'), 'm')).baseline, { samples: 300, smooth: 30 });
  for (const text of ['300', '30 300', '1e2 3', '300 30 2', ' 300 30', 300]) {
    const read = readModel(withText(text), 'm');
    assert.match(read.ok ? '' : read.error.message, /its sentinel_baseline is/, String(text));
  }
  assert.deepEqual(readBaselineText(baselineText(SETTINGS)), SETTINGS);
});
