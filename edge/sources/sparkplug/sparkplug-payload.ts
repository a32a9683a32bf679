import { loadDriver } from '../../drivers/driver.ts';

/** A metric of a payload; what a data message leaves out is as its birth had it. */
export type Metric = Readonly<{
  name: string | null;
  alias: number | null;
  t: number | null;
  datatype: number | null;
  isHistorical: boolean;
  value: unknown;
  /** Of its properties: 192 is good. */
  quality: number | null;
}>;

/** Encoders leave out a sequence number of 0, as protobuf does. */
export type Payload = Readonly<{ t: number | null; seq: number; metrics: readonly Metric[] }>;

export type SparkplugCodec = Readonly<{
  /** Reads a payload; null where it is none. */
  decode(bytes: Uint8Array): Payload | null;
  /** The command by which an edge node tells all of itself again. */
  rebirth(t: number): Uint8Array;
}>;

type ProtoType = Readonly<{
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): Readonly<{ finish(): Uint8Array }>;
  toObject(message: unknown, options: object): Record<string, unknown>;
}>;
type ProtoModule = Readonly<{
  Root: Readonly<{ fromJSON(json: unknown): Readonly<{ lookupType(name: string): ProtoType }> }>;
}>;

const isProtoModule = (module: unknown): module is ProtoModule =>
  typeof module === 'object' && module !== null && 'Root' in module;

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

/** What is used of https://github.com/eclipse-tahu/tahu/blob/master/sparkplug_b/sparkplug_b.proto */
const SCHEMA = {
  nested: {
    Payload: {
      fields: {
        timestamp: field(1, 'uint64'),
        metrics: list(2, 'Metric'),
        seq: field(3, 'uint64'),
      },
    },
    Metric: {
      fields: {
        name: field(1, 'string'),
        alias: field(2, 'uint64'),
        timestamp: field(3, 'uint64'),
        datatype: field(4, 'uint32'),
        isHistorical: field(5, 'bool'),
        isNull: field(7, 'bool'),
        properties: field(9, 'PropertySet'),
        intValue: field(10, 'uint32'),
        longValue: field(11, 'uint64'),
        floatValue: field(12, 'float'),
        doubleValue: field(13, 'double'),
        booleanValue: field(14, 'bool'),
        stringValue: field(15, 'string'),
      },
    },
    PropertySet: { fields: { keys: list(1, 'string'), values: list(2, 'PropertyValue') } },
    PropertyValue: {
      fields: { type: field(1, 'uint32'), intValue: field(3, 'uint32'), longValue: field(4, 'uint64') },
    },
  },
};

const INT8 = 1;
const INT16 = 2;
const INT32 = 3;
const INT64 = 4;
const BOOLEAN = 11;

const asNumber = (value: unknown): number | null =>
  value === undefined || value === null ? null : Number(value);

/** Signed integers travel as unsigned ones. Sparkplug 3.0, 6.4.16 */
export const signed = (value: unknown, datatype: number | null): unknown => {
  if (typeof value === 'string' && datatype === INT64) return Number(BigInt.asIntN(64, BigInt(value)));
  if (typeof value !== 'number') return value;
  if (datatype === INT8) return (value << 24) >> 24;
  if (datatype === INT16) return (value << 16) >> 16;
  return datatype === INT32 ? value | 0 : value;
};

const qualityOf = (properties: unknown): number | null => {
  const { keys, values } = Object(properties);
  const index = Array.isArray(keys) ? keys.findIndex((key) => String(key).toLowerCase() === 'quality') : -1;
  if (index === -1 || !Array.isArray(values)) return null;
  const { intValue, longValue } = Object(values[index]);
  return asNumber(intValue ?? longValue);
};

const readMetric = (given: unknown): Metric => {
  const one = Object(given);
  const value =
    one.isNull === true
      ? null
      : (one.intValue ??
        one.longValue ??
        one.floatValue ??
        one.doubleValue ??
        one.booleanValue ??
        one.stringValue);
  return {
    name: typeof one.name === 'string' && one.name !== '' ? one.name : null,
    alias: asNumber(one.alias),
    t: asNumber(one.timestamp),
    datatype: asNumber(one.datatype),
    isHistorical: one.isHistorical === true,
    value: value ?? null,
    quality: qualityOf(one.properties),
  };
};

/** Loads what reads and writes payloads. Throws DriverMissing where the library is not installed. */
export const loadSparkplug = async (): Promise<SparkplugCodec> => {
  const module = await loadDriver('sparkplug', 'protobufjs/light');
  if (!isProtoModule(module)) throw new Error('protobufjs is another version than this program knows');
  const type = module.Root.fromJSON(SCHEMA).lookupType('Payload');
  return {
    decode(bytes) {
      try {
        const { timestamp, seq, metrics } = type.toObject(type.decode(bytes), { longs: String });
        const all = Array.isArray(metrics) ? metrics.map(readMetric) : [];
        return { t: asNumber(timestamp), seq: asNumber(seq) ?? 0, metrics: all };
      } catch {
        return null;
      }
    },
    rebirth(t) {
      const command = { name: 'Node Control/Rebirth', timestamp: t, datatype: BOOLEAN, booleanValue: true };
      return type.encode({ timestamp: t, metrics: [command] }).finish();
    },
  };
};
