import { SENSORS } from '../../../domain/message/sample.ts';
import type { Fault, FaultKind } from '../../../edge/simulator/fault-schedule.ts';
import { between, uniformAt } from '../../../edge/simulator/healthy-cylinder.ts';
import { createLine } from '../../../edge/simulator/line.ts';
import type { SourceSample } from '../../../edge/sources/source.ts';

export const START_MS = Date.UTC(2026, 0, 5);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A cylinder sends so often, ms. */
export const PERIOD_MS = 10_000;

/** A time in which a cylinder presses heavier pieces than those that the first model was trained on, ms. */
type HeavyTime = Readonly<{ cylinder: number; fromMs: number; toMs: number }>;

type PressShop = Readonly<{
  names: readonly string[];
  /** What really went wrong, whoever was told. */
  faults: readonly (Fault & Readonly<{ name: string }>)[];
  /** What the sensors show, from one time until before another, ms; `label` is what was true. */
  samples(fromMs: number, toMs: number): Generator<readonly SourceSample[], void>;
}>;

const SHIFT_MS = 12 * HOUR_MS;

/** One fault in the first half of each shift of each cylinder, of any of the kinds; it lasts for about an hour. */
const faultsOf = (shop: ShopOptions): readonly Fault[] =>
  eachShift(shop, ({ cylinder, shift, keys }) => {
    const beginMs = START_MS + shift * SHIFT_MS + between(1, 4.5, ...keys, 1) * HOUR_MS;
    const kind = shop.kinds[Math.floor(uniformAt(...keys, 2) * shop.kinds.length)] ?? 'overload';
    return {
      cylinder,
      kind,
      beginMs,
      growMs: 10 * MINUTE_MS,
      endMs: beginMs + between(50, 90, ...keys, 3) * MINUTE_MS,
    };
  });

/** And heavier pieces for about an hour and a half in the second half of it. */
const heavyTimes = (shop: ShopOptions): readonly HeavyTime[] =>
  shop.isHeavy
    ? eachShift(shop, ({ cylinder, shift, keys }) => {
        const fromMs = START_MS + shift * SHIFT_MS + between(7.5, 9.5, ...keys, 4) * HOUR_MS;
        return { cylinder, fromMs, toMs: fromMs + between(60, 110, ...keys, 5) * MINUTE_MS };
      })
    : [];

type Shift = Readonly<{ cylinder: number; shift: number; keys: readonly number[] }>;

const eachShift = <T>({ cylinders, days, seed }: ShopOptions, make: (shift: Shift) => T): readonly T[] =>
  Array.from({ length: cylinders }, (_, cylinder) =>
    Array.from({ length: 2 * days }, (_, shift) =>
      make({ cylinder, shift, keys: [seed, cylinder, shift, 900] }),
    ),
  ).flat();

/** Heavier pieces take more drive, make it warmer, and shake the whole press: less than worn bearings do. */
const HEAVIER = [1.25, 1.7, 1.6, 1.1, 1.1, 1];

type ShopOptions = Readonly<{
  cylinders: number;
  days: number;
  seed: number;
  kinds: readonly FaultKind[];
  isHeavy: boolean;
}>;

/** Simulated presses whose faults and pieces are drawn by a seed; equal options give equal samples. */
export const pressShop = (options: ShopOptions): PressShop => {
  const faults = faultsOf(options);
  const heavy = heavyTimes(options);
  const line = createLine({ ...options, startMs: START_MS, faults });
  function* samples(fromMs: number, toMs: number): Generator<readonly SourceSample[], void> {
    for (let t = fromMs; t < toMs; t += PERIOD_MS)
      yield line.at(t).map(({ cylinder, values, label }, index) => {
        const isHeavy = heavy.some((time) => time.cylinder === index && t >= time.fromMs && t < time.toMs);
        const shown = isHeavy ? values.map((value, at) => (value ?? 0) * (HEAVIER[at] ?? 1)) : values;
        return { cylinder, t, values: shown, label: label.fault !== null };
      });
  }
  const named = faults.map((fault) => ({ ...fault, name: line.names[fault.cylinder] ?? '' }));
  return { names: line.names, faults: named, samples };
};

/** A labelled recording of one cylinder as CSV. */
export const recordingText = (shop: PressShop, cylinder: string, days: number): string => {
  const rows: string[] = [`t,cylinder,${SENSORS.join(',')},label`];
  for (const batch of shop.samples(START_MS, START_MS + days * DAY_MS))
    for (const { cylinder: name, t, values, label } of batch)
      if (name === cylinder) rows.push(`${t},${name},${values.join(',')},${Number(label)}`);
  return `${rows.join('\n')}\n`;
};
