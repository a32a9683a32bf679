import assert from 'node:assert/strict';
import test from 'node:test';
import { SENSORS } from '../../../domain/message/sample.ts';
import { FAULT_KINDS, type FaultKind } from '../../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../../edge/simulator/line.ts';

const START = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

/** Mean of each sensor over ten minutes of a full-grown fault, divided by that of the same cylinder without it. */
const ratios = (kind: FaultKind): number[] => {
  const fault = { cylinder: 0, kind, beginMs: START, growMs: 5 * MINUTE, endMs: START + 60 * MINUTE };
  const faulty = createLine({ cylinders: 1, seed: 4, startMs: START, faults: [fault] });
  const sound = createLine({ cylinders: 1, seed: 4, startMs: START, faults: [] });
  const sums = SENSORS.map(() => ({ faulty: 0, sound: 0 }));
  for (let t = START + 20 * MINUTE; t < START + 30 * MINUTE; t += 1000) {
    for (const [index, sum] of sums.entries()) {
      sum.faulty += faulty.at(t)[0]?.values[index] ?? Number.NaN;
      sum.sound += sound.at(t)[0]?.values[index] ?? Number.NaN;
    }
  }
  return sums.map((sum) => sum.faulty / sum.sound);
};

type Move = 'up' | 'same' | 'down';

/** In the order of SENSORS: temperature, vibration Z, vibration X, current, load, speed. */
const EXPECTED: Readonly<Record<FaultKind, readonly Move[]>> = {
  'bearing-wear': ['up', 'up', 'up', 'up', 'same', 'same'],
  'seal-leak': ['up', 'up', 'up', 'up', 'up', 'down'],
  overload: ['up', 'up', 'up', 'up', 'up', 'down'],
  'loose-mount': ['same', 'up', 'up', 'same', 'same', 'same'],
  'stuck-encoder': ['same', 'same', 'same', 'up', 'up', 'down'],
};

const moveOf = (ratio: number): Move => (ratio > 1.05 ? 'up' : ratio < 0.95 ? 'down' : 'same');

for (const kind of FAULT_KINDS) {
  test(`${kind} moves the sensors that it should, and only those`, () => {
    assert.deepEqual(ratios(kind).map(moveOf), EXPECTED[kind]);
  });
}

test('each kind of fault has its own strongest sensor', () => {
  const [wear, leak, load, mount, encoder] = FAULT_KINDS.map(ratios);
  const at = (of: readonly number[] | undefined, index: number) => of?.[index] ?? Number.NaN;
  assert.ok(at(wear, 1) > at(wear, 2), 'a worn bearing shakes in Z more than in X');
  assert.ok(at(mount, 2) > at(mount, 1), 'a loose mount shakes in X more than in Z');
  assert.ok(at(leak, 5) < at(load, 5), 'a leak costs more speed than an overload');
  assert.ok(at(load, 4) > at(leak, 4), 'an overload shows in the load above all');
  assert.equal(at(encoder, 5), 0, 'a stuck encoder shows no speed');
});

test('a fault grows from nothing, and heat follows it late', () => {
  const fault = {
    cylinder: 0,
    kind: 'overload',
    beginMs: START,
    growMs: 2 * MINUTE,
    endMs: START + 60 * MINUTE,
  } as const;
  const faulty = createLine({ cylinders: 1, seed: 4, startMs: START, faults: [fault] });
  const sound = createLine({ cylinders: 1, seed: 4, startMs: START, faults: [] });
  const moved = (index: number, t: number) =>
    (faulty.at(t)[0]?.values[index] ?? Number.NaN) / (sound.at(t)[0]?.values[index] ?? Number.NaN) - 1;
  assert.equal(moved(4, START), 0);
  const [early, grown] = [START + MINUTE, START + 2 * MINUTE];
  assert.ok(moved(4, early) > 0.4 * moved(4, grown) && moved(4, early) < 0.6 * moved(4, grown));
  assert.ok(moved(0, grown) > moved(0, early));
  assert.ok(moved(0, grown + 5 * MINUTE) > 1.2 * moved(0, grown));
});
