import { type Fields, isFields } from '../fields.ts';
import type { MappedSample, PayloadMapper } from '../message/read-message.ts';
import { absentSensors } from '../message/read-sample.ts';
import { AUTO_TIME, eventTime, eventTimeFault, readTime, timeFault } from '../message/read-time.ts';
import type { RejectionReason } from '../message/rejection.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';
import { isName, isTopicOf, nameFault } from '../message/topic.ts';
import { createStuckGuard, readNumber, sensorConversion } from './convert-sensor.ts';
import type { Mapping, OriginMapping, SensorMapping } from './mapping.ts';

/** One row of a message: its own fields before those that hold for all rows, the key it stands under, and where it came from. */
type Row = Readonly<{
  fields: Fields;
  root: Fields;
  key: string | null;
  topic: string;
  receivedAt: number;
}>;

const MAX_QUOTED = 60;
const quoted = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, MAX_QUOTED);

const own = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

/** Finds what a path such as `device.channels.0.value` names; a field that bears the whole path as its name comes first. */
export const pathReader = (path: string): ((fields: Fields) => unknown) => {
  const steps = path.split('.');
  return (fields) => own(fields, path) ?? steps.reduce<unknown>(own, fields);
};

const rowReader = (path: string): ((row: Row) => unknown) => {
  const read = pathReader(path);
  return ({ fields, root }) => read(fields) ?? (root === fields ? undefined : read(root));
};

/** Thrown within this file alone: why a row holds no sample. */
class Refused extends Error {
  readonly reason: RejectionReason;
  constructor(reason: RejectionReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const originReader = (
  what: 'cylinder' | 'gateway',
  mapping: OriginMapping | undefined,
): ((row: Row, usual: string | null) => string) => {
  const read = mapping?.from === undefined ? undefined : rowReader(mapping.from);
  const named = (row: Row, usual: string | null): unknown => {
    if (mapping === undefined) return row.fields[what] ?? row.root[what] ?? usual;
    if (read !== undefined) return read(row);
    if (mapping.topic !== undefined) return row.topic.split('/')[mapping.topic - 1];
    return mapping.key === true ? row.key : mapping.name;
  };
  return (row, usual) => {
    const given = named(row, usual) ?? null;
    if (given === null)
      throw new Refused(what === 'gateway' ? 'topic' : 'cylinder', `nothing names the ${what}: map ${what}`);
    const text = typeof given === 'number' ? String(given) : given;
    const name = typeof text === 'string' ? (mapping?.names?.[text] ?? text) : text;
    if (isName(name)) return name;
    const advice = `map it by names: {"${what}": {…, "names": {${quoted(name)}: "…"}}}`;
    throw new Refused('cylinder', `the ${what} ${quoted(name)} ${nameFault(name)}: ${advice}`);
  };
};

const timeReader = ({ time }: Mapping): ((row: Row) => number) => {
  if (time?.arrival === true) return ({ receivedAt }) => receivedAt;
  const style = { as: time?.as ?? AUTO_TIME.as, zone: time?.zone ?? AUTO_TIME.zone };
  if (time?.from === undefined && time?.as === undefined && time?.zone === undefined)
    return ({ fields, root }) => {
      const t = eventTime(fields) ?? eventTime(root);
      if (t === null) throw new Refused('time', eventTimeFault(fields));
      return t;
    };
  const reads = (time.from ?? ['t']).map(rowReader);
  return (row) => {
    const parts = reads.map((read) => read(row));
    const value = parts.length === 1 ? parts[0] : parts.join(' ');
    const t = readTime(value, style);
    if (t !== null) return t;
    throw new Refused('time', `${(time.from ?? ['t']).join(' and ')}: ${timeFault(value)}`);
  };
};

/** The value of one sensor of a row: null where it did not answer, undefined where it is not there. */
type SensorReader = (row: Row, t: number, cylinder: string) => number | null | undefined;

const mappedSensor = (
  sensor: Sensor,
  rule: SensorMapping,
  hasDecimalComma: boolean,
  isStuck: ReturnType<typeof createStuckGuard>,
): SensorReader => {
  const read = rowReader(rule.from);
  const convert = sensorConversion(sensor, rule);
  const quality = rule.quality === undefined ? undefined : rowReader(rule.quality.from);
  const stuckMs = (rule.stuckSeconds ?? 0) * 1000;
  return (row, t, cylinder) => {
    const given = read(row);
    if (given === undefined) return undefined;
    if (quality !== undefined && !rule.quality?.good.some((good) => good === quality(row))) return null;
    const raw = readNumber(given, hasDecimalComma);
    if (raw === undefined)
      throw new Refused('sensor', `${sensor}: ${rule.from} is no number: ${quoted(given)}`);
    const value = raw === null ? null : convert(raw);
    if (value === null || stuckMs === 0) return value;
    return isStuck(`${cylinder} ${sensor}`, t, value, stuckMs) ? null : value;
  };
};

const rowsOf = (root: Fields, samples: ReturnType<typeof pathReader> | undefined) => {
  if (samples === undefined) return [{ fields: root, key: null }];
  const found = samples(root);
  if (Array.isArray(found)) return found.filter(isFields).map((fields) => ({ fields, key: null }));
  if (!isFields(found)) return [];
  return Object.entries(found).flatMap(([key, fields]) => (isFields(fields) ? [{ fields, key }] : []));
};

const CARRIED = ['seq', 'boot', 'model', 'probability', 'why'] as const;

/** Makes a mapper of a mapping that has been checked; it remembers values only where they may be stuck. */
export const payloadMapper = (mapping: Mapping): PayloadMapper => {
  const samples = mapping.samples === undefined ? undefined : pathReader(mapping.samples);
  const gatewayOf = originReader('gateway', mapping.gateway);
  const cylinderOf = originReader('cylinder', mapping.cylinder);
  const timeOf = timeReader(mapping);
  const isStuck = createStuckGuard();
  const sensors = SENSORS.map((sensor) => {
    const rule = mapping.sensors[sensor];
    const read = mappedSensor(sensor, rule ?? { from: sensor }, mapping.decimal === ',', isStuck);
    return { sensor, from: rule?.from ?? sensor, read };
  });

  const fieldsOf = (row: Row, cylinder: string): Fields => {
    const t = timeOf(row);
    const fields: Record<string, unknown> = { t };
    for (const { sensor, read } of sensors) fields[sensor] = read(row, t, cylinder);
    if (sensors.every(({ sensor }) => fields[sensor] === undefined)) {
      throw new Refused(
        'sensor',
        absentSensors(
          row.fields,
          sensors.map(({ from }) => from),
        ),
      );
    }
    for (const name of CARRIED) fields[name] = row.fields[name];
    return fields;
  };

  return ({ topic, receivedAt }, origin, roots) => {
    if (mapping.topics?.some((filter) => isTopicOf(filter, topic)) === false) return null;
    return roots.flatMap((root) =>
      rowsOf(root, samples).map(({ fields, key }): MappedSample => {
        const row = { fields, root, key, topic, receivedAt };
        const names: { gateway: string | null; cylinder: string | null } = { gateway: null, cylinder: null };
        try {
          const gateway = gatewayOf(row, origin?.gateway ?? null);
          names.gateway = gateway;
          const cylinder = cylinderOf(row, origin?.cylinder ?? null);
          names.cylinder = cylinder;
          return { gateway, cylinder, fields: fieldsOf(row, cylinder) };
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          const { reason, message: detail } = error;
          return { gateway: names.gateway, rejection: { reason, detail, cylinder: names.cylinder, t: null } };
        }
      }),
    );
  };
};
