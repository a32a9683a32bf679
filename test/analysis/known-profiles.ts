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

/** Population stability index by its definition, of one thing measured: first its bounds, then its bins. */
const stability = (what: (typeof NAMES)[number], measured: (c: number, i: number) => number | null) => {
  const sums = { reference: 0, square: 0, count: 0, now: 0, nowCount: 0 };
  const each = (use: (value: number, isReference: boolean) => void): void => {
    for (const c of CYLINDERS)
      for (let i = 0; i < SECONDS; i += 1) {
        const value = isMissing(c, i) ? null : measured(c, i);
        if (value !== null) use(value, i < SPLIT);
      }
  };
  each((value, isReference) => {
    if (!isReference) {
      sums.now += value;
      sums.nowCount += 1;
      return;
    }
    sums.reference += value;
    sums.count += 1;
  });
  const centre = sums.reference / sums.count;
  each((value, isReference) => {
    if (isReference) sums.square += (value - centre) ** 2;
  });
  const deviation = Math.sqrt(sums.square / (sums.count - 1));
  const [low, width] = what === 'score' ? [0, 0.1] : [centre - 3 * deviation, 0.6 * deviation];
  const bins = Array.from({ length: 10 }, () => ({ reference: 0, now: 0 }));
  each((value, isReference) => {
    const bin = bins[Math.min(9, Math.max(0, Math.floor((value - low) / width)))];
    if (bin !== undefined) bin[isReference ? 'reference' : 'now'] += 1;
  });
  const psi = bins
    .filter(({ reference, now }) => reference + now > 0)
    .reduce((sum, { reference, now }) => {
      const expected = Math.max(1e-4, reference / sums.count);
      const actual = Math.max(1e-4, now / sums.nowCount);
      return sum + (actual - expected) * Math.log(actual / expected);
    }, 0);
  return { what, psi, reference_mean: centre, mean: sums.now / sums.nowCount, samples: sums.nowCount };
};

export const drift = (): Answer =>
  NAMES.map((what, sensor) =>
    stability(what, (c, i) =>
      what === 'score' ? (isAbnormal(c, i) ? 0.9 : 0.1) : (valuesAt(c, i, isAbnormal(c, i))[sensor] ?? null),
    ),
  ).toSorted((a, b) => b.psi - a.psi);
