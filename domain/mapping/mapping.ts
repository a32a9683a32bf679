import * as v from 'valibot';
import { type Fields, isFields } from '../fields.ts';
import { TIME_FORMS } from '../message/read-time.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';
import { AT, CONNECTIONS, connectionFaults } from './connections.ts';
import {
  BYTE_ORDERS,
  type MappingFault,
  name,
  number,
  oneOf,
  positive,
  REGISTER_TYPES,
  text,
  truth,
} from './mapping-fields.ts';
import { unitFault } from './sensor-units.ts';

const level = v.pipe(
  number,
  v.integer('must be a whole number, from 1'),
  v.minValue(1, 'counts levels from 1'),
);
/** Raw numbers become values by `raw × scale + offset`, then by their unit; `min` and `max` are in the sensor's own. */
const sensor = v.strictObject({
  from: text,
  /** Of registers: how many there are to a number, and where its bytes A (highest) to D stand. */
  type: v.optional(oneOf(REGISTER_TYPES)),
  order: v.optional(oneOf(BYTE_ORDERS)),
  scale: v.optional(number),
  offset: v.optional(number),
  unit: v.optional(text),
  hz: v.optional(positive),
  perVolt: v.optional(number),
  min: v.optional(number),
  max: v.optional(number),
  /** Raw numbers by which a device says that it measured nothing. */
  missing: v.optional(v.array(number, 'must be a list of numbers')),
  quality: v.optional(
    v.strictObject({
      from: text,
      good: v.array(
        v.union([v.string(), v.number(), v.boolean(), v.null()], 'must be texts, numbers or null'),
        'must be a list',
      ),
    }),
  ),
  /** A value that stands still for so long is none. */
  stuckSeconds: v.optional(positive),
});
const optionalSensor = v.optional(sensor);

const ORIGINS = ['name', 'from', 'topic', 'key'] as const;
const origin = v.pipe(
  v.strictObject({
    name: v.optional(name),
    from: v.optional(text),
    topic: v.optional(level),
    key: v.optional(truth),
    /** How those are called that a device calls otherwise. */
    names: v.optional(v.record(v.string(), name)),
  }),
  v.check(
    (given) => ORIGINS.filter((one) => given[one] !== undefined).length === 1,
    'must be a name, { "from": … }, { "topic": 1 } or { "key": true }',
  ),
);

const mappingFields = v.strictObject({
  ...CONNECTIONS,
  topics: v.optional(v.array(text, 'must be a list of topics')),
  /** Cylinders that are in one message beside each other; `{at}` in where things are becomes what is at each. */
  devices: v.optional(
    v.pipe(
      v.array(v.strictObject({ cylinder: name, at: text }), 'must be a list of { "cylinder", "at" }'),
      v.nonEmpty('must name a device'),
    ),
  ),
  gateway: v.optional(origin),
  cylinder: v.optional(origin),
  time: v.optional(
    v.strictObject({
      from: v.optional(v.array(text)),
      arrival: v.optional(truth),
      as: v.optional(oneOf(TIME_FORMS)),
      zone: v.optional(text),
    }),
  ),
  periodMs: v.optional(v.pipe(positive, v.integer('must be whole ms'))),
  /** Where the list of samples is, or the object whose every field is one. */
  samples: v.optional(text),
  decimal: v.optional(v.picklist(['.', ','], 'must be "." or ","')),
  separator: v.optional(v.picklist([',', ';', '\t', '|'], 'must be a comma, a semicolon, a tab or a bar')),
  label: v.optional(
    v.strictObject({
      from: text,
      values: v.optional(
        v.record(v.string(), v.nullable(v.boolean('must be true, false or null')), 'must be an object'),
      ),
    }),
  ),
  /** Columns of a table, or fields of the rows of a message, with one row for each metric. */
  long: v.optional(v.strictObject({ metric: text, value: text })),
  sensors: v.optional(
    v.strictObject({
      rVibration_Temp: optionalSensor,
      rVibration_Z_RMS_Velocity: optionalSensor,
      rVibration_X_RMS_Velocity: optionalSensor,
      wRMSCurrent: optionalSensor,
      wCurrentLoad: optionalSensor,
      wEncoderVelocity: optionalSensor,
    }),
    {},
  ),
});

/** What a mapping says of a source; what it leaves out is found by its usual name. */
export type Mapping = Readonly<v.InferOutput<typeof mappingFields>>;

/** How one sensor is found in what a device sends, and what becomes of its numbers. */
export type SensorMapping = Readonly<v.InferOutput<typeof sensor>>;

/** How the cylinder or the gateway of a sample is found; exactly one of the ways is there. */
export type OriginMapping = Readonly<v.InferOutput<typeof origin>>;

export type MappingReading =
  | Readonly<{ ok: true; mapping: Mapping }>
  | Readonly<{ ok: false; faults: readonly MappingFault[] }>;

/** The short forms written out: a sensor as the name of a field, a cylinder or gateway as its name, `"time": "arrival"`. */
const writtenOut = (given: Fields): Fields => {
  const all: Record<string, unknown> = { ...given };
  for (const one of ['cylinder', 'gateway']) if (typeof all[one] === 'string') all[one] = { name: all[one] };
  if (typeof all.time === 'string')
    all.time = all.time === 'arrival' ? { arrival: true } : { from: [all.time] };
  else if (isFields(all.time) && typeof all.time.from === 'string')
    all.time = { ...all.time, from: [all.time.from] };
  if (!isFields(all.sensors)) return all;
  const sensors = Object.entries(all.sensors);
  all.sensors = Object.fromEntries(
    sensors.map(([one, rule]) => [one, typeof rule === 'string' ? { from: rule } : rule]),
  );
  return all;
};

const isZone = (zone: string): boolean => {
  if (/^[+-]\d{2}(:?\d{2})?$/.test(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const sensorFaults = (one: Sensor, { unit, hz, perVolt, min, max }: SensorMapping): MappingFault[] => {
  const faults: MappingFault[] = [];
  const fault = unit === undefined ? null : unitFault(one, unit, { hz, perVolt });
  if (fault !== null)
    faults.push({ field: `sensors.${one}.unit`, message: `${JSON.stringify(unit)} ${fault}` });
  if (min !== undefined && max !== undefined && min >= max)
    faults.push({ field: `sensors.${one}.min`, message: `must be below max, ${max}` });
  return faults;
};

const deviceFaults = (mapping: Mapping): MappingFault[] => {
  const { devices, sensors, cylinder } = mapping;
  const connection = (['modbus', 'opcua', 'sparkplug'] as const).find((one) => mapping[one] !== undefined);
  if (connection !== undefined)
    return devices === undefined ? [] : [{ field: 'devices', message: `are those of ${connection}.devices` }];
  const hasAt = SENSORS.some((one) => sensors[one]?.from.includes(AT) === true);
  if (devices === undefined)
    return hasAt ? [{ field: 'devices', message: `must say what ${AT} in the sensors stands for` }] : [];
  if (cylinder !== undefined)
    return [{ field: 'cylinder', message: 'is said by devices: leave one of them out' }];
  return hasAt
    ? []
    : [{ field: 'devices', message: `are told apart by nothing: the sensors need ${AT} in from` }];
};

const crossFaults = (mapping: Mapping): MappingFault[] => {
  const { sensors, time, cylinder, gateway, samples } = mapping;
  const faults = SENSORS.flatMap((one) =>
    sensors[one] === undefined ? [] : sensorFaults(one, sensors[one]),
  );
  faults.push(...connectionFaults(mapping), ...deviceFaults(mapping));
  if (time?.zone !== undefined && !isZone(time.zone)) {
    const message = `${JSON.stringify(time.zone)} is no zone: write one as Asia/Seoul or +09:00`;
    faults.push({ field: 'time.zone', message });
  }
  if (time?.arrival === true && (time.from ?? time.as ?? time.zone) !== undefined)
    faults.push({ field: 'time', message: 'is that of arrival: leave out from, as and zone' });
  for (const [field, rule] of Object.entries({ cylinder, gateway })) {
    if (rule?.key === true && samples === undefined)
      faults.push({
        field,
        message: 'is a key of samples: name the object whose fields they are as samples',
      });
  }
  return faults;
};

const faultOf = (issue: v.BaseIssue<unknown>): MappingFault => {
  const field = v.getDotPath(issue) ?? 'mapping';
  if (issue.type !== 'strict_object') return { field, message: issue.message };
  return issue.expected === 'never'
    ? { field, message: 'is not a field of a mapping: check the spelling' }
    : {
        field,
        message: issue.message.startsWith('Invalid key')
          ? 'must be there'
          : `must be there: ${issue.message}`,
      };
};

/** Reads a mapping from a JSON value and checks every rule; the faults name their fields. */
export const readMapping = (value: unknown): MappingReading => {
  if (!isFields(value)) return { ok: false, faults: [{ field: 'mapping', message: 'must be an object' }] };
  const parsed = v.safeParse(mappingFields, writtenOut(value));
  if (!parsed.success) return { ok: false, faults: parsed.issues.map(faultOf) };
  const faults = crossFaults(parsed.output);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: parsed.output };
};
