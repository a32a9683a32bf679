import { type Answer, idOf, timeText } from './known-incidents.ts';
import {
  CYLINDERS,
  cylinderName,
  INCIDENTS,
  isAbnormal,
  isMissing,
  SECONDS,
  valuesAt,
  whyOf,
} from './seeded-week.ts';

const SENSOR_COLUMNS = ['temp_c', 'z_mm_s', 'x_mm_s', 'current_a', 'load_percent', 'encoder_rpm'] as const;
/** Of a week, sixty parts would have a little less than three hours each. */
const PART_SECONDS = 3 * 3600;

const partOf = (c: number, part: number): Answer[number] => {
  const sums = SENSOR_COLUMNS.map(() => ({ sum: 0, count: 0 }));
  let first = -1;
  let [samples, abnormal] = [0, 0];
  for (let i = part * PART_SECONDS; i < (part + 1) * PART_SECONDS; i += 1) {
    if (isMissing(c, i)) continue;
    if (first < 0) first = i;
    const bad = isAbnormal(c, i);
    samples += 1;
    if (bad) abnormal += 1;
    for (const [sensor, value] of valuesAt(c, i, bad).entries()) {
      const sum = sums[sensor];
      if (value === null || sum === undefined) continue;
      sum.sum += value;
      sum.count += 1;
    }
  }
  return {
    cylinder: cylinderName(c),
    part,
    t: timeText(first),
    probability: (abnormal * 0.9 + (samples - abnormal) * 0.1) / samples,
    probability_max: abnormal > 0 ? 0.9 : 0.1,
    abnormal_share: abnormal / samples,
    ...Object.fromEntries(
      sums.map(({ sum, count }, sensor) => [SENSOR_COLUMNS[sensor] ?? '', count === 0 ? null : sum / count]),
    ),
  };
};

export const courses = (): Answer =>
  CYLINDERS.flatMap((c) => Array.from({ length: SECONDS / PART_SECONDS }, (_, part) => partOf(c, part)));

export const contributions = (): Answer =>
  INCIDENTS.toSorted((a, b) => a.raised - b.raised).map((one) => {
    const [temperature, vibration_z, vibration_x, current_drawn, load, encoder] =
      one.outcome === null ? Array<null>(6).fill(null) : whyOf(one);
    return {
      id: idOf(one),
      temperature: temperature ?? null,
      vibration_z: vibration_z ?? null,
      vibration_x: vibration_x ?? null,
      current_drawn: current_drawn ?? null,
      load: load ?? null,
      encoder: encoder ?? null,
    };
  });

export const models = (): Answer => {
  let [samples, abnormal] = [0, 0];
  for (const c of CYLINDERS)
    for (let i = 0; i < SECONDS; i += 1) {
      if (isMissing(c, i)) continue;
      samples += 1;
      if (isAbnormal(c, i)) abnormal += 1;
    }
  return [
    {
      model: 'm@1',
      cylinders: CYLINDERS.length,
      first_t: timeText(0),
      last_t: timeText(SECONDS - 1),
      samples,
      probability: (abnormal * 0.9 + (samples - abnormal) * 0.1) / samples,
      abnormal_share: abnormal / samples,
    },
  ];
};
