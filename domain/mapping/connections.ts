import * as v from 'valibot';
import { SENSORS } from '../message/sample.ts';
import {
  type BYTE_ORDERS,
  type MappingFault,
  name,
  oneOf,
  type REGISTER_TYPES,
  text,
  whole,
} from './mapping-fields.ts';

/** A serial line; the standard's own setting is 19200 baud with even parity. https://modbus.org/docs/Modbus_over_serial_line_V1_02.pdf, 2.5.1 */
const serial = v.strictObject({
  path: text,
  baudRate: v.optional(whole(300, 4_000_000)),
  parity: v.optional(oneOf(['none', 'even', 'odd'])),
  stopBits: v.optional(whole(1, 2)),
});

/** Devices behind an address of Modbus TCP, one that passes frames of RTU on, or a serial line; a line has several units. */
const modbus = v.pipe(
  v.strictObject({
    host: v.optional(text),
    port: v.optional(whole(1, 65_535)),
    framing: v.optional(oneOf(['tcp', 'rtu'])),
    serial: v.optional(serial),
    timeoutMs: v.optional(whole(10, 60_000)),
    devices: v.pipe(
      v.array(
        v.strictObject({
          cylinder: name,
          unit: whole(0, 255),
          /** Other units of the same cylinder, such as its drive, by what stands before their registers. */
          units: v.optional(
            v.record(v.pipe(v.string(), v.regex(/^\w+$/)), whole(0, 255), 'must be { "drive": 7 }'),
          ),
        }),
        'must be a list of { "cylinder", "unit" }',
      ),
      v.nonEmpty('must name a device'),
    ),
  }),
  v.check(
    ({ host, serial: line }) => (host === undefined) !== (line === undefined),
    'must have a host or a serial line, and not both',
  ),
  v.check(
    ({ port, framing, serial: line }) => line === undefined || (port ?? framing) === undefined,
    'has a serial line: port and framing are of a host',
  ),
);

/** Who logs in: by a name and a password in a file, or by a certificate and its key. */
const opcuaUser = v.union(
  [v.strictObject({ name: text, passwordFile: text }), v.strictObject({ certificate: text, key: text })],
  'must be { "name", "passwordFile" } or { "certificate", "key" }',
);

const SECURITY_POLICIES = [
  'None',
  'Basic128Rsa15',
  'Basic256',
  'Basic256Sha256',
  'Aes128_Sha256_RsaOaep',
  'Aes256_Sha256_RsaPss',
] as const;

/** A server of OPC UA; `{at}` in the sensors' nodes becomes each device's `at`. */
const opcua = v.pipe(
  v.strictObject({
    url: v.pipe(text, v.regex(/^opc\.tcp:\/\/[^/\s]+/, 'must be an address as opc.tcp://host:4840')),
    security: v.optional(oneOf(SECURITY_POLICIES)),
    mode: v.optional(oneOf(['None', 'Sign', 'SignAndEncrypt'])),
    /** The folder of certificates: this client's own, trusted ones, and rejected ones. */
    pki: v.optional(text),
    user: v.optional(opcuaUser),
    devices: v.optional(
      v.pipe(
        v.array(v.strictObject({ cylinder: name, at: text }), 'must be a list of { "cylinder", "at" }'),
        v.nonEmpty('must name a device'),
      ),
    ),
  }),
  v.check(
    ({ security = 'None', mode }) => mode === undefined || (mode === 'None') === (security === 'None'),
    'has a mode that does not go with its security: None has the mode None, all others Sign or SignAndEncrypt',
  ),
);

/** Edge nodes of Sparkplug B behind a broker; without devices each device, or node with none, is a cylinder. */
const sparkplug = v.strictObject({
  broker: v.pipe(text, v.regex(/^mqtts?:\/\/[^/\s]+$/, 'must be an address as mqtt://host:1883')),
  user: v.optional(v.strictObject({ name: text, passwordFile: text })),
  ca: v.optional(text),
  certificate: v.optional(text),
  key: v.optional(text),
  group: v.optional(v.pipe(text, v.regex(/^[^+#/]+$/, 'must be one level of a topic'))),
  /** The identifier of this host application, whose STATE is then published. */
  host: v.optional(v.pipe(text, v.regex(/^[^+#/]+$/, 'must be one level of a topic'))),
  /** False for an account that may not write: no births are asked for. */
  rebirth: v.optional(v.boolean('must be true or false')),
  devices: v.optional(
    v.pipe(
      v.array(
        v.strictObject({ cylinder: name, node: text, device: v.optional(text), at: v.optional(text) }),
        'must be a list of { "cylinder", "node", "device", "at" }',
      ),
      v.nonEmpty('must name a device'),
    ),
  ),
});

/** What a mapping says of the live sources that it is for. */
export const CONNECTIONS = {
  modbus: v.optional(modbus),
  opcua: v.optional(opcua),
  sparkplug: v.optional(sparkplug),
};

export type ModbusMapping = Readonly<v.InferOutput<typeof modbus>>;
export type OpcuaMapping = Readonly<v.InferOutput<typeof opcua>>;
export type SparkplugMapping = Readonly<v.InferOutput<typeof sparkplug>>;

/** Where a sensor is, and of registers how its bytes make up a number. */
type SensorPlace = Readonly<{
  from: string;
  type?: (typeof REGISTER_TYPES)[number] | undefined;
  order?: (typeof BYTE_ORDERS)[number] | undefined;
}>;

/**
 * Where a sensor is in registers, `holding 5200` or `input 0`, by addresses from 0 to 65535, or `drive holding 0` of another
 * unit of the cylinder; null where it says another place.
 */
export const registerOf = ({ from, type = 'uint16', order = 'ABCD' }: SensorPlace) => {
  const [, of = '', kind, address] = /^(?:(\w+) )?(holding|input) (\d{1,5})$/.exec(from) ?? [];
  const start = Number(address);
  if (kind === undefined || start > 65_535) return null;
  return { of, table: kind === 'input' ? ('input' as const) : ('holding' as const), start, type, order };
};

const NODE_ID = /^(nsu=[^;]+;|ns=\d{1,5};)?(i=(\d+|.*\{at\}.*)|[sgb]=.+)$/;
/** In a node or a metric: what each device puts there. */
export const AT = '{at}';

type Connected = Readonly<{
  modbus?: ModbusMapping | undefined;
  opcua?: OpcuaMapping | undefined;
  sparkplug?: SparkplugMapping | undefined;
  cylinder?: Readonly<{ name?: string | undefined }> | undefined;
  sensors: Readonly<Partial<Record<(typeof SENSORS)[number], SensorPlace | undefined>>>;
}>;

const PLACES = {
  modbus: [
    (rule: SensorPlace) => registerOf(rule) !== null,
    'a register, such as "holding 5200" or "input 0"',
    'in which registers',
  ],
  opcua: [
    ({ from }: SensorPlace) => NODE_ID.test(from),
    'a node, such as "nsu=urn:vendor:line;s=Press1.Temp"',
    'in which nodes',
  ],
  sparkplug: [() => true, 'a metric', 'in which metrics'],
} as const;

/** What is wrong between a connection and the sensors that are to come by it. */
export const connectionFaults = (mapping: Connected): readonly MappingFault[] => {
  const faults: MappingFault[] = [];
  const { sensors } = mapping;
  const rules = SENSORS.flatMap((one) => (sensors[one] === undefined ? [] : [[one, sensors[one]] as const]));
  for (const kind of ['modbus', 'opcua', 'sparkplug'] as const) {
    const [isPlace, place, where] = PLACES[kind];
    if (mapping[kind] === undefined) continue;
    if (rules.length === 0) faults.push({ field: 'sensors', message: `must say ${where} they are` });
    for (const [one, rule] of rules)
      if (!isPlace(rule)) faults.push({ field: `sensors.${one}.from`, message: `must be ${place}` });
  }
  const others = rules.map(([, rule]) => registerOf(rule)?.of ?? '').filter((of) => of !== '');
  for (const [index, { units }] of (mapping.modbus?.devices ?? []).entries())
    for (const of of new Set(others))
      if (units?.[of] === undefined)
        faults.push({ field: `modbus.devices.${index}.units`, message: `must say which unit "${of}" is` });
  const hasAt = rules.some(([, { from }]) => from.includes(AT));
  for (const kind of ['opcua', 'sparkplug'] as const) {
    const devices: readonly Readonly<{ at?: string | undefined }>[] | undefined = mapping[kind]?.devices;
    if (mapping[kind] === undefined) continue;
    if (hasAt && devices?.every(({ at }) => at !== undefined) !== true)
      faults.push({
        field: `${kind}.devices`,
        message: `must say what ${AT} in the sensors stands for, each with its "at"`,
      });
    if (kind === 'opcua' && !hasAt && (devices?.length ?? 1) > 1)
      faults.push({
        field: 'opcua.devices',
        message: `are several: one of the sensors needs ${AT} in its node`,
      });
    if (kind === 'opcua' && devices === undefined && mapping.cylinder?.name === undefined)
      faults.push({ field: 'cylinder', message: 'must be a name, or opcua.devices name them' });
  }
  return faults;
};
