import { type ModbusMapping, registerOf } from '../../../domain/mapping/connections.ts';
import type { Mapping } from '../../../domain/mapping/mapping.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { mappedSamples } from '../mapped-samples.ts';
import type { OnSourceEvent, SourceSample } from '../source.ts';
import { createModbusClient, type ModbusClient, type RegisterTable } from './modbus-client.ts';
import { linkName, openLink } from './modbus-link.ts';

/** A value in registers: where, how many, and how its bytes make up a number. */
type Value = Readonly<{ from: string } & Register>;
type Register = NonNullable<ReturnType<typeof registerOf>>;
type ValueType = Register['type'];
type ByteOrder = Register['order'];

/** Registers that are read by one request, and the values in them. */
type Run = Readonly<{
  /** The name of the unit; empty for the cylinder's first one. */
  of: string;
  table: RegisterTable;
  start: number;
  count: number;
  values: readonly Value[];
}>;

const MAX_REGISTERS = 125;
/** To read so many registers between two values costs less than a request more. */
const MAX_GAP = 8;

const sizeOf = (type: ValueType): number => (type === 'uint16' || type === 'int16' ? 1 : 2);

/** A number from its registers; `order` is where the bytes A (highest) to D of the number are. */
export const decodeRegisters = (bytes: Buffer, type: ValueType, order: ByteOrder): number => {
  const places = [...order.slice(0, bytes.length)].map((letter) => 'ABCD'.indexOf(letter));
  const sorted = Buffer.alloc(bytes.length);
  for (const [index, place] of places.entries()) sorted[place] = bytes[index] ?? 0;
  switch (type) {
    case 'uint16':
      return sorted.readUInt16BE();
    case 'int16':
      return sorted.readInt16BE();
    case 'uint32':
      return sorted.readUInt32BE();
    case 'int32':
      return sorted.readInt32BE();
    case 'float32':
      return sorted.readFloatBE();
  }
};

const valuesOf = ({ sensors }: Mapping): readonly Value[] =>
  SENSORS.flatMap((sensor) => {
    const rule = sensors[sensor];
    const register = rule === undefined ? null : registerOf(rule);
    return rule === undefined || register === null ? [] : [{ from: rule.from, ...register }];
  });

/** Joins values that are near each other into as few requests as the protocol allows. */
export const runsOf = (values: readonly Value[]): readonly Run[] => {
  const runs: Run[] = [];
  const sorted = values.toSorted(
    (a, b) => a.of.localeCompare(b.of) || a.table.localeCompare(b.table) || a.start - b.start,
  );
  for (const value of sorted) {
    const end = value.start + sizeOf(value.type);
    const last = runs.at(-1);
    const isNear =
      last !== undefined &&
      last.of === value.of &&
      last.table === value.table &&
      value.start - (last.start + last.count) <= MAX_GAP &&
      end - last.start <= MAX_REGISTERS;
    if (!isNear)
      runs.push({
        of: value.of,
        table: value.table,
        start: value.start,
        count: end - value.start,
        values: [value],
      });
    else
      runs[runs.length - 1] = {
        ...last,
        count: Math.max(last.count, end - last.start),
        values: [...last.values, value],
      };
  }
  return runs;
};

const readDevice = async (
  client: ModbusClient,
  { unit, units = {} }: ModbusMapping['devices'][number],
  runs: readonly Run[],
  onFault: (message: string, unit: number) => void,
): Promise<Readonly<{ found: Readonly<Record<string, number>>; linkFault: string | null }>> => {
  const found = new Map<string, Record<string, number>>();
  const silent = new Set<string>();
  for (const { of, table, start, count, values } of runs) {
    const asked = units[of] ?? unit;
    // Who is silent or away is not asked for the rest.
    if (silent.has(of)) continue;
    const reading = await client.read(asked, table, start, count);
    if (reading.ok) {
      const read = found.get(of) ?? {};
      found.set(of, read);
      for (const { from, type, order, start: at } of values) {
        const bytes = reading.registers.subarray(2 * (at - start), 2 * (at - start + sizeOf(type)));
        read[from] = decodeRegisters(bytes, type, order);
      }
    } else if (reading.kind === 'link') return { found: {}, linkFault: reading.message };
    else {
      onFault(`${table} ${start} to ${start + count - 1}: ${reading.message}`, asked);
      if (reading.kind !== 'exception') {
        silent.add(of);
        found.delete(of);
      }
    }
  }
  return { found: Object.assign({}, ...found.values()), linkFault: null };
};

export type ModbusParts = Readonly<{
  mapping: Mapping;
  modbus: ModbusMapping;
  /** ms since the epoch: the time of what is read. */
  now: () => number;
  /** Resolves so many ms later, or at once when the signal is given. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  onEvent: OnSourceEvent;
  signal: AbortSignal;
}>;

/**
 * Polls the devices of a line or an address until the signal, a batch for each round. One that fails never stops another. The
 * connection ends with the signal, also where nobody asks for the batch of the round that was under way.
 */
export async function* modbusSource(parts: ModbusParts): AsyncGenerator<readonly SourceSample[], void> {
  const { mapping, modbus, now, wait, onEvent, signal } = parts;
  const everyMs = mapping.periodMs ?? 1000;
  const source = linkName(modbus);
  const units = new Map(modbus.devices.map(({ cylinder, unit }) => [cylinder, unit]));
  const deviceOf = (cylinder: string): string => `unit ${units.get(cylinder)} (${cylinder})`;
  const samplesOf = mappedSamples(mapping, { source, onEvent, deviceOf });
  const runs = runsOf(valuesOf(mapping));
  const client = createModbusClient(await openLink(modbus));
  signal.addEventListener('abort', client.close);
  try {
    while (!signal.aborted) {
      const began = performance.now();
      const samples: SourceSample[] = [];
      for (const device of modbus.devices) {
        const { cylinder } = device;
        const { found, linkFault } = await readDevice(client, device, runs, (fault, unit) => {
          const message = `unit ${unit} (${cylinder}): ${fault}`;
          onEvent({ kind: 'bad-line', source, reason: 'modbus', message });
        });
        if (signal.aborted) break;
        if (linkFault !== null) {
          const message = `${linkFault}; no device behind it is read`;
          onEvent({ kind: 'bad-line', source, reason: 'connection', message });
          break;
        }
        if (Object.keys(found).length > 0) samples.push(...samplesOf({ cylinder, t: now(), found }));
      }
      if (samples.length > 0) yield samples;
      await wait(Math.max(0, everyMs - (performance.now() - began)), signal);
    }
  } finally {
    signal.removeEventListener('abort', client.close);
    client.close();
  }
}
