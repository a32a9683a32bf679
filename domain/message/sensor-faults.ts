import { type Fields, isFields } from '../fields.ts';
import { SENSORS } from './sample.ts';

const MAX_QUOTED = 60;
const MAX_DEPTH = 3;
const MAX_PATHS = 200;
const MAX_NAMED = 8;

/** The paths of all values in an object, `device.temperature`, as a mapping writes them. */
const pathsOf = (fields: Fields, before = '', depth = 1): readonly string[] =>
  Object.entries(fields)
    .slice(0, MAX_PATHS)
    .flatMap(([name, value]) => {
      const path = `${before}${name}`;
      return isFields(value) && depth < MAX_DEPTH ? pathsOf(value, `${path}.`, depth + 1) : [path];
    });

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** What a sample was found to hold instead of any of the six sensors, what was looked for, and what to map if that is plain. */
export const absentSensors = (fields: Fields, looked: readonly string[] = SENSORS): string => {
  const paths = pathsOf(fields).slice(0, MAX_PATHS);
  const found = paths.slice(0, MAX_NAMED).map((path) => path.slice(0, MAX_QUOTED));
  const more = paths.length > found.length ? ' …' : '';
  const alike = SENSORS.flatMap((sensor) => {
    const path = paths.find((one) => plain(one.slice(one.lastIndexOf('.') + 1)) === plain(sensor));
    return path === undefined ? [] : [`${sensor} from ${JSON.stringify(path.slice(0, MAX_QUOTED))}`];
  });
  const list = Object.entries(fields).find(([, value]) => Array.isArray(value) && value.some(isFields));
  const advice =
    alike.length > 0
      ? `: map ${alike.join(', ')}`
      : list === undefined
        ? ': map each sensor from where it is'
        : `: map samples from ${JSON.stringify(list[0].slice(0, MAX_QUOTED))}, a list; where each of its rows is one value, long says which fields are its name and its value`;
  return `none of the six sensors is in it, found ${found.join(', ')}${more}, looked for ${looked.join(', ')}${advice}`;
};

/** What was found instead of a number, short enough to be read. */
export const described = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, MAX_QUOTED)) : String(value);
};

const COMMA = /^[-+]?\d{1,3}(?:\.?\d{3})*,\d+$/;
const WITH_UNIT = /^[-+]?[\d.,]*\d\s*([^\d\s.,][^\d]{0,11})$/;

/** What to write into a mapping so that a value is read as a number, as the end of a sentence; empty where nothing helps. */
export const numberAdvice = (value: unknown, from: string): string => {
  if (Array.isArray(value)) return `; map one of them, such as ${JSON.stringify(`${from}.0`)}`;
  if (isFields(value)) {
    const inside = Object.entries(value).find(
      ([, one]) => typeof one === 'number' || COMMA.test(String(one)),
    );
    return inside === undefined ? '' : `; map it from ${JSON.stringify(`${from}.${inside[0]}`)}`;
  }
  if (typeof value !== 'string') return '';
  const text = value.trim();
  if (/^(0x)?([0-9a-f]{2})+$/i.test(text) && /[a-f]/i.test(text))
    return '; it looks like bytes in hexadecimal: decode them at the gateway';
  if (COMMA.test(text)) return '; if its comma begins the decimals, a mapping says "decimal": ","';
  const [, unit] = WITH_UNIT.exec(text) ?? [];
  if (unit === undefined) return '';
  return `; if that is its unit, a mapping says so: ${JSON.stringify({ from, unit: unit.trim() })}`;
};
