import { readFileSync } from 'node:fs';
import { type Fields, isFields } from '../../domain/fields.ts';
import { type Mapping, readMapping } from '../../domain/mapping/mapping.ts';

export type MapReading = Readonly<{ ok: true; mapping: Mapping }> | Readonly<{ ok: false; message: string }>;

const readMap = (value: unknown, name: string): MapReading => {
  const reading = readMapping(value);
  if (reading.ok) return reading;
  const faults = reading.faults.map(({ field, message }) => `${field} ${message}`);
  return { ok: false, message: `${name}: ${faults.join('; ')}` };
};

const readText = (text: string, name: string): MapReading => {
  try {
    return readMap(JSON.parse(text), name);
  } catch (error) {
    return { ok: false, message: `${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/** Reads the mapping of a file. */
export const readMapFile = (path: string): MapReading => {
  try {
    return readText(readFileSync(path, 'utf8'), path);
  } catch (error) {
    return { ok: false, message: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/** Fields of a mapping that are numbers or switches, at whatever depth. */
const PLAIN_FIELDS = new Set([
  ...['port', 'unit', 'timeoutMs', 'baudRate', 'stopBits', 'rebirth', 'topic', 'key', 'periodMs'],
  ...['scale', 'offset', 'hz', 'perVolt', 'min', 'max', 'missing', 'stuckSeconds'],
]);

const isNumber = (text: string): boolean => /^\s*[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?\s*$/i.test(text);

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && isNumber(value) ? Number(value) : value;
};

/** What a nucleus has made texts of, as it was: numbers and switches by their fields, and what a device may call good both ways. */
const unquoted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unquoted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, under]) => {
      if (PLAIN_FIELDS.has(field)) return [field, plain(under)];
      if (field === 'good' && Array.isArray(under))
        return [field, [...new Set([...under, ...under.map(plain)])]];
      // The names of devices are texts, whatever they look like.
      return [field, field === 'names' ? under : unquoted(under)];
    }),
  );
};

/** Reads the mapping in a configuration: an object, whose numbers may have become texts, or its JSON as a text. */
export const readMapSetting = (value: string | Fields): MapReading =>
  typeof value === 'string' ? readText(value, 'map') : readMap(unquoted(value), 'map');
