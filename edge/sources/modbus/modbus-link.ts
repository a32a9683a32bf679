import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ModbusMapping } from '../../../domain/mapping/connections.ts';
import { loadDriver } from '../../drivers/driver.ts';
import type { ModbusLink } from './modbus-client.ts';
import { rtuFraming, tcpFraming } from './modbus-framing.ts';

type SerialOptions = Readonly<{
  path: string;
  baudRate: number;
  dataBits: 8;
  parity: 'none' | 'even' | 'odd';
  stopBits: 1 | 2;
}>;

/** What is used of `serialport`, which is installed on demand. */
type SerialModule = Readonly<{ SerialPort: new (options: SerialOptions) => Duplex }>;

const isSerialModule = (module: unknown): module is SerialModule =>
  typeof module === 'object' && module !== null && 'SerialPort' in module;

const BITS_OF_A_CHARACTER = 11;
/** Frames are told apart by three and a half characters of silence, 1.75 ms from 19200 baud on. */
const quietOf = (baudRate: number): number =>
  Math.ceil(Math.max(1.75, (3.5 * BITS_OF_A_CHARACTER * 1000) / baudRate));

const LEAST_TIMEOUT_MS = 1000;

/** How a source of Modbus is called. */
export const linkName = ({ host, port = 502, serial }: ModbusMapping): string =>
  serial === undefined ? `modbus ${host}:${port}` : `modbus ${serial.path}`;

/** The way to the devices of a mapping. Throws DriverMissing where a serial line needs what is not installed. */
export const openLink = async (modbus: ModbusMapping): Promise<ModbusLink> => {
  const { host = '', port = 502, framing, serial, timeoutMs = LEAST_TIMEOUT_MS } = modbus;
  if (serial === undefined) {
    const open = (): Duplex => connect({ host, port }).setNoDelay(true);
    return framing === 'rtu'
      ? { open, framing: rtuFraming, timeoutMs, quietMs: quietOf(19_200) }
      : { open, framing: tcpFraming, timeoutMs };
  }
  const module = await loadDriver('serial', 'serialport');
  if (!isSerialModule(module)) throw new Error('serialport is another version than this program knows');
  const { path, baudRate = 19_200, parity = 'even', stopBits = 1 } = serial;
  const options = { path, baudRate, dataBits: 8, parity, stopBits: stopBits === 2 ? 2 : 1 } as const;
  const open = (): Duplex => new module.SerialPort(options);
  return { open, framing: rtuFraming, timeoutMs, quietMs: quietOf(baudRate) };
};
