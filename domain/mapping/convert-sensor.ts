import type { Sensor } from '../message/sample.ts';
import type { SensorMapping } from './mapping.ts';
import { unitConversion } from './sensor-units.ts';

/** What becomes of a raw number: the value in the sensor's own unit, or null where it is none or is not plausible. */
export const sensorConversion = (
  sensor: Sensor,
  { scale = 1, offset = 0, unit, hz, perVolt, min, max, missing = [] }: SensorMapping,
): ((raw: number) => number | null) => {
  const inUnit = unitConversion(sensor, unit, { hz, perVolt });
  // 2002 × 0.001 is to be 2.002: what lies behind the digits that any sensor has is of the arithmetic.
  const isAsItIs = scale === 1 && offset === 0 && unit === undefined;
  const [least, most] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  return (raw) => {
    if (missing.includes(raw)) return null;
    const value = isAsItIs ? raw : Number(inUnit(raw * scale + offset).toPrecision(12));
    return Number.isFinite(value) && value >= least && value <= most ? value : null;
  };
};

// What programs write for a number that is none.
const MISSING = /^(nan|#?n\/?a|null|nil|none|-|\?|[-+]?inf(inity)?)?$/i;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const COMMA_NUMBER = /^[-+]?(\d{1,3}(\.\d{3})+|\d+|(?=,))(,\d*)?(e[-+]?\d+)?$/i;

/** A JSON value as a number: null where it says that there is none, undefined where it is something else. */
export const readNumber = (value: unknown, hasDecimalComma: boolean): number | null | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return value === null || value === undefined ? null : undefined;
  const text = value.trim();
  if (MISSING.test(text)) return null;
  if (hasDecimalComma && COMMA_NUMBER.test(text)) return Number(text.replaceAll('.', '').replace(',', '.'));
  const number = NUMBER.test(text) ? Number(text) : undefined;
  return Number.isFinite(number) ? number : undefined;
};

/** Whether a value has stood still for too long, by the times of its samples, ms; each series is told apart by its name. */
export const createStuckGuard = (): ((
  series: string,
  t: number,
  value: number,
  atMostMs: number,
) => boolean) => {
  const since = new Map<string, { value: number; t: number }>();
  return (series, t, value, atMostMs) => {
    const before = since.get(series);
    if (before !== undefined && before.value === value && t >= before.t) return t - before.t >= atMostMs;
    if (before === undefined || t >= before.t) since.set(series, { value, t });
    return false;
  };
};
