import { type Answer, DAY, idOf, mean } from './known-incidents.ts';
import { CYLINDERS, INCIDENTS, isAbnormal, isMissing, SECONDS, valuesAt } from './seeded-week.ts';

const SPLIT = 3 * DAY;

const meanOver = (c: number, from: number, to: number, sensor: number): number | null => {
  const values: number[] = [];
  for (let i = Math.max(0, from); i < to; i += 1) {
    if (isMissing(c, i)) continue;
    const value = valuesAt(c, i, isAbnormal(c, i))[sensor] ?? null;
    if (value !== null) values.push(value);
  }
  return mean(values);
};

const PROFILE = [
  ['temp_c', 'temp_usual_c'],
  ['z_mm_s', 'z_usual_mm_s'],
  ['x_mm_s', 'x_usual_mm_s'],
  ['current_a', 'current_usual_a'],
  ['load_percent', 'load_usual_percent'],
  ['encoder_rpm', 'encoder_usual_rpm'],
] as const;

export const beforeIncidents = (): Answer =>
  INCIDENTS.toSorted((a, b) => a.began - b.began).map((one) => ({
    id: idOf(one),
    ...Object.fromEntries(
      PROFILE.flatMap(([near, usual], sensor) => [
        [near, meanOver(one.c, one.began - 3600, one.began, sensor)],
        [usual, meanOver(one.c, one.began - DAY - 3600, one.began - DAY, sensor)],
      ]),
    ),
  }));

const NAMES = ['temperature', 'vibration-z', 'vibration-x', 'current', 'load', 'encoder', 'score'] as const;

/** Bins a unit: values are told apart in steps of 0.2 °C, 0.05 mm/s, 0.1 A, 1 %, 10 RPM and 0.1. */
const A_UNIT = [5, 20, 20, 10, 1, 0.1, 10];

/** Population stability index by its definition, of one thing measured: first its bounds, then its bins. */
const stability = (sensor: number, measured: (c: number, i: number) => number | null) => {
  const steps = { reference: new Map<number, number>(), now: new Map<number, number>() };
  const sums = { reference: 0, now: 0 };
  for (const c of CYLINDERS)
    for (let i = 0; i < SECONDS; i += 1) {
      const value = isMissing(c, i) ? null : measured(c, i);
      if (value === null) continue;
      const when = i < SPLIT ? 'reference' : 'now';
      sums[when] += value;
      const step = Math.floor(value * (A_UNIT[sensor] ?? 1));
      steps[when].set(step, (steps[when].get(step) ?? 0) + 1);
    }
  const countOf = (of: ReadonlyMap<number, number>): number => of.values().reduce((sum, n) => sum + n, 0);
  const counts = { reference: countOf(steps.reference), now: countOf(steps.now) };
  const centre = steps.reference.entries().reduce((sum, [step, n]) => sum + step * n, 0) / counts.reference;
  const square = steps.reference.entries().reduce((sum, [step, n]) => sum + (step - centre) ** 2 * n, 0);
  const isScore = NAMES[sensor] === 'score';
  const width = isScore ? 1 : Math.max(1, Math.ceil(0.6 * Math.sqrt(square / (counts.reference - 1))));
  const low = isScore ? 0 : Math.floor(centre + 0.5) - 5 * width;
  const bins = Array.from({ length: 10 }, () => ({ reference: 0, now: 0 }));
  for (const when of ['reference', 'now'] as const)
    for (const [step, n] of steps[when]) {
      const bin = bins[Math.min(9, Math.max(0, Math.floor((step - low) / width)))];
      if (bin !== undefined) bin[when] += n;
    }
  const psi = bins
    .filter(({ reference, now }) => reference + now > 0)
    .reduce((sum, { reference, now }) => {
      const expected = Math.max(1e-4, reference / counts.reference);
      const actual = Math.max(1e-4, now / counts.now);
      return sum + (actual - expected) * Math.log(actual / expected);
    }, 0);
  return {
    what: NAMES[sensor] ?? '',
    psi,
    reference_mean: sums.reference / counts.reference,
    mean: sums.now / counts.now,
    samples: counts.now,
  };
};

export const drift = (): Answer =>
  NAMES.map((what, sensor) =>
    stability(sensor, (c, i) =>
      what === 'score' ? (isAbnormal(c, i) ? 0.9 : 0.1) : (valuesAt(c, i, isAbnormal(c, i))[sensor] ?? null),
    ),
  ).toSorted((a, b) => b.psi - a.psi);
