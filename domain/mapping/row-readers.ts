import { eventTime, eventTimeFault } from '../message/event-time.ts';
import type { MappedSample } from '../message/read-message.ts';
import { AUTO_TIME, readTime, timeFault } from '../message/read-time.ts';
import type { RejectionReason } from '../message/rejection.ts';
import type { Sensor } from '../message/sample.ts';
import { numberAdvice } from '../message/sensor-faults.ts';
import { isName, nameFault, type Origin } from '../message/topic.ts';
import { type createStuckGuard, readNumber, sensorConversion } from './convert-sensor.ts';
import type { Mapping, OriginMapping, SensorMapping } from './mapping.ts';
import { type Row, rowReader } from './payload-rows.ts';

const MAX_QUOTED = 60;
const quoted = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, MAX_QUOTED);

/** Thrown while a row is read: why it holds no sample. */
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

const withoutUnit = (given: unknown, unit: string | undefined): unknown => {
  if (typeof given !== 'string' || unit === undefined) return given;
  const text = given.trim();
  return text.endsWith(unit) ? text.slice(0, -unit.length) : text;
};

/** A code of quality as it is compared: a number as its text, a word in any case, one that is left out as null. */
export const plainWord = (value: unknown): string => String(value ?? null).toLowerCase();

/** The value of one sensor of a row: null where it did not answer, undefined where it is not there. */
type SensorReader = (row: Row, t: number, cylinder: string) => number | null | undefined;

export const mappedSensor = (
  sensor: Sensor,
  rule: SensorMapping,
  decimal: Mapping['decimal'],
  isStuck: ReturnType<typeof createStuckGuard>,
): SensorReader => {
  const read = rowReader(rule.from);
  const convert = sensorConversion(sensor, rule);
  const quality = rule.quality === undefined ? undefined : rowReader(rule.quality.from);
  const good = new Set(rule.quality?.good.map(plainWord));
  const isGood = (said: unknown): boolean => good.has(plainWord(said));
  const stuckMs = (rule.stuckSeconds ?? 0) * 1000;
  return (row, t, cylinder) => {
    const given = read(row);
    if (given === undefined) return undefined;
    if (quality !== undefined && !isGood(quality(row))) return null;
    const raw = readNumber(withoutUnit(given, rule.unit), decimal);
    if (raw === undefined) {
      const advice = numberAdvice(given, rule.from);
      throw new Refused('sensor', `${sensor}: ${rule.from} is no number: ${quoted(given)}${advice}`);
    }
    const value = raw === null ? null : convert(raw);
    if (value === null || stuckMs === 0) return value;
    return isStuck(`${cylinder} ${sensor}`, t, value, stuckMs) ? null : value;
  };
};

/** What became of one row, or of those that are one sample; whether it held none of what was looked for. */
export type RowReading = Readonly<{ one: MappedSample; isAbsent: boolean }>;
export type RowsReader = (rows: readonly Row[], origin: Origin | null) => readonly RowReading[];

/** Who and when a row is of. */
export type Place = Readonly<{ gateway: string; cylinder: string; t: number }>;

export const placeReader = (mapping: Mapping) => {
  const gatewayOf = originReader('gateway', mapping.gateway);
  const cylinderOf = originReader('cylinder', mapping.cylinder);
  const timeOf = timeReader(mapping);
  /** What is read of a row where its place is known, or why it is refused. */
  return <T>(row: Row, origin: Origin | null, read: (place: Place) => T): T | RowReading => {
    const names: { gateway: string | null; cylinder: string | null } = { gateway: null, cylinder: null };
    try {
      const gateway = gatewayOf(row, origin?.gateway ?? null);
      names.gateway = gateway;
      const cylinder = cylinderOf(row, origin?.cylinder ?? null);
      names.cylinder = cylinder;
      return read({ gateway, cylinder, t: timeOf(row) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { reason, message: detail } = error;
      const rejection = { reason, detail, cylinder: names.cylinder, t: null };
      return { one: { gateway: names.gateway, rejection }, isAbsent: false };
    }
  };
};
