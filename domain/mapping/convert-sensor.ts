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

/** A number with a point or none. */
export const POINT_NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
const COMMA_NUMBER = /^[-+]?(\d{1,3}([. \u00A0\u2009\u202F'’]\d{3})+|\d+|(?=,))(,\d*)?(e[-+]?\d+)?$/i;
// Thousands that nothing else can be: before a decimal point, several, or divided by what no decimals begin with.
const GROUPED_NUMBER =
  /^[-+]?(\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}|\d{1,3}([ \u00A0\u2009\u202F'’]\d{3})+(\.\d*)?)$/;
/** Thousands, where it is known that no decimals begin with a comma. */
const ONE_THOUSAND = /^[-+]?\d{1,3},\d{3}$/;
// What numpy, pandas, R, spreadsheets, historians and programs in C write for what is missing.
const MISSING =
  /^(nan|-nan|nan\(ind\)|-?1\.#(ind|qnan|inf)\d*|#?n\/?a!?|null|nil|none|-+|\?+|\\n|[-+]?inf(inity)?|no data|bad( input)?|#(value|ref|div\/0|num|name|null)[!?]?|i\/o timeout|pt created|missing|n\.[av]\.|k\.a\.|calc failed|configure|scan (off|timeout)|intf shut|out of serv|(under|over) range|not connect(ed)?|arc off-line|(comm|bad) (data|quality|error)|equip fail|dcs failed|no (sample|result|alarm)|not available|offline|\[-\d+\].*|[(<]null[)>]|undefined|unavailable|unknown|comm fail|error|shutdown|nan\(\w*\)|\.)?$/i;

/**
 * The number that a text says, as it stands in a cell of a table or in a payload: null when it is missing (empty, a word
 * for it, infinite), undefined when it is no number.
 */
export const readNumberCell = (
  cell: string,
  hasDecimalComma = false,
  hasThousands = false,
): number | null | undefined => {
  if (hasDecimalComma) {
    if (COMMA_NUMBER.test(cell))
      return finite(cell.replaceAll(/[. \u00A0\u2009\u202F'’]/g, '').replace(',', '.'));
  } else if (POINT_NUMBER.test(cell)) return finite(cell);
  else if (GROUPED_NUMBER.test(cell) || (hasThousands && ONE_THOUSAND.test(cell)))
    return finite(cell.replaceAll(/[, \u00A0\u2009\u202F'’]/g, ''));
  if (MISSING.test(cell)) return null;
  const plain = cell
    .normalize('NFKC')
    .replaceAll(/[\u200B\u2060\uFEFF]/g, '')
    .replace(/^\u2212/, '-');
  return plain === cell ? undefined : readNumberCell(plain, hasDecimalComma, hasThousands);
};

/** A number too large to be one measures nothing. */
const finite = (text: string): number | undefined => {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** A JSON value as a number: null where it says that there is none, undefined where it is something else. */
export const readNumber = (value: unknown, decimal: '.' | ',' | undefined): number | null | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return value === null || value === undefined ? null : undefined;
  return readNumberCell(value.trim(), decimal === ',', decimal === '.');
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
