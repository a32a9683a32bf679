import { isFields } from '../../domain/fields.ts';
import { eventTime } from '../../domain/message/event-time.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { SourceSample } from './source.ts';

export type LineReading =
  | Readonly<{ ok: true; sample: SourceSample }>
  | Readonly<{ ok: false; message: string }>;

const TIME_FIELDS = ['t', 'sDateTime', 'timeInSeconds'] as const;
const MAX_QUOTED = 60;

/**
 * Reads `{"cylinder": "cyl-07", "t": 1763800000123, "rVibration_Temp": 48.2, …}`: a sensor that is absent or null did
 * not answer; without a time it is `nowMs`. Fields it does not know are ignored.
 */
export const readNdjsonLine = (text: string, nowMs: number): LineReading => {
  const fields = parse(text);
  if (fields === null) return refuse(`${quoted(text)} is not a JSON object`);
  const { cylinder } = fields;
  if (!isName(cylinder)) {
    return refuse('cylinder must be a name of letters, digits, colon, underscore and hyphen (at most 128)');
  }
  const isTimed = TIME_FIELDS.some((name) => fields[name] !== undefined);
  const t = isTimed ? eventTime(fields) : nowMs;
  if (t === null) {
    return refuse('the time must be t in whole ms since 1970, sDateTime or timeInSeconds, or be left out');
  }
  if (SENSORS.every((sensor) => fields[sensor] === undefined)) {
    return refuse(`none of the sensors is in it: ${SENSORS.join(', ')}`);
  }
  const values: (number | null)[] = [];
  for (const sensor of SENSORS) {
    const value = fields[sensor] ?? null;
    if (value !== null && typeof value !== 'number') {
      return refuse(`${sensor} must be a number, or be left out; it is ${quoted(JSON.stringify(value))}`);
    }
    if (value !== null && !Number.isFinite(value)) return refuse(`${sensor} is too large a number`);
    values.push(value);
  }
  return { ok: true, sample: { cylinder, t, values, label: null } };
};

const parse = (text: string): Readonly<Record<string, unknown>> | null => {
  const value = parseJson(text);
  return isFields(value) ? value : null;
};

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

const refuse = (message: string): LineReading => ({ ok: false, message });
