import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Framing } from './modbus-framing.ts';

/** Which of a device's two tables of 16-bit registers: function codes 3 and 4. */
export type RegisterTable = 'holding' | 'input';

/**
 * What a device answered: its registers, an exception of its own, or nothing that can be used, of this unit alone or
 * because there is no connection.
 */
export type RegisterReading =
  | Readonly<{ ok: true; registers: Buffer }>
  | Readonly<{ ok: false; kind: 'exception' | 'unit' | 'link'; message: string }>;

export type ModbusClient = Readonly<{
  /** Reads `count` (1 to 125) registers from `start` (0 to 65535) of the unit behind an address. Never rejects. */
  read(unit: number, table: RegisterTable, start: number, count: number): Promise<RegisterReading>;
  /** Ends the connection, and what is being read, for good. */
  close(): void;
}>;

/** A way to devices. */
export type ModbusLink = Readonly<{
  open: () => Duplex;
  framing: Framing;
  timeoutMs: number;
  /** How long a line is to be quiet before a request. */
  quietMs?: number;
}>;

const FUNCTION_CODES = { holding: 3, input: 4 } as const;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** https://modbus.org/docs/Modbus_Application_Protocol_V1_1b3.pdf, section 7 */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'it does not know the function',
  2: 'it has no such register',
  3: 'it takes no such count',
  4: 'it failed',
  6: 'it is busy',
  10: 'its gateway has no path to it',
  11: 'it does not answer its gateway',
};

const failed = (message: string, kind: 'exception' | 'unit' | 'link' = 'unit'): RegisterReading => ({
  ok: false,
  kind,
  message,
});

const LINK_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this port (connection refused)',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  EACCES: 'this account may not use it',
};

const linkFault = (error: NodeJS.ErrnoException): string => LINK_FAULTS[error.code ?? ''] ?? error.message;

const isConnecting = (stream: Duplex | null): boolean =>
  stream !== null && 'connecting' in stream && stream.connecting === true;

const requestOf = (code: number, start: number, count: number): Buffer => {
  const request = Buffer.alloc(5);
  request.writeUInt8(code, 0);
  request.writeUInt16BE(start, 1);
  request.writeUInt16BE(count, 3);
  return request;
};

/** Reads an answer that is whole: function, and registers or an exception. */
const readAnswer = (pdu: Buffer, code: number, count: number): RegisterReading => {
  const said = pdu.readUInt8(0);
  if (said === (code | 0x80)) {
    const exception = pdu.length > 1 ? pdu.readUInt8(1) : 0;
    return failed(`exception ${exception}: ${EXCEPTIONS[exception] ?? 'of its own'}`, 'exception');
  }
  const registers = pdu.subarray(2);
  if (said !== code || pdu.length < 2 || pdu.readUInt8(1) !== 2 * count || registers.length !== 2 * count)
    return failed('it answered something else than was asked');
  return { ok: true, registers };
};

type Asked = Readonly<{
  transaction: number;
  unit: number;
  code: number;
  count: number;
  end: (reading: RegisterReading) => void;
}>;

/**
 * A client of Modbus that asks one thing at a time, as many devices can take no more. It connects when it is asked,
 * and after a failure not before a back-off has passed; an answer that comes too late is nobody's.
 */
export const createModbusClient = (
  { open, framing, timeoutMs, quietMs = 0 }: ModbusLink,
  monotonic: () => number = performance.now.bind(performance),
): ModbusClient => {
  let stream: Duplex | null = null;
  let asked: Asked | null = null;
  let received: Buffer = Buffer.alloc(0);
  let transaction = 0;
  let retryMs = FIRST_RETRY_MS;
  let notBefore = Number.NEGATIVE_INFINITY;
  let lastFault = '';
  let isClosed = false;

  const end = (reading: RegisterReading): void => {
    asked?.end(reading);
    asked = null;
  };
  const drop = (fault: string): void => {
    stream?.destroy();
    stream = null;
    received = Buffer.alloc(0);
    lastFault = fault;
    notBefore = monotonic() + retryMs;
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    end(failed(fault, 'link'));
  };
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    while (true) {
      const next = framing.next(received);
      if (next.kind === 'part') return;
      if (next.kind === 'foreign') {
        drop(next.message);
        return;
      }
      if (next.kind === 'damaged') {
        received = Buffer.alloc(0);
        end(failed(next.message));
        return;
      }
      received = Buffer.from(next.rest);
      const { transaction: of, unit, pdu } = next.answer;
      if (asked === null || (of === null ? unit !== asked.unit : of !== asked.transaction)) continue;
      retryMs = FIRST_RETRY_MS;
      end(readAnswer(pdu, asked.code, asked.count));
    }
  };
  const connect = (): Duplex => {
    const opened = open();
    opened.on('data', (chunk) => opened === stream && take(chunk));
    opened.on('error', (error) => opened === stream && drop(linkFault(error)));
    opened.on('close', () => opened === stream && drop('it ended the connection'));
    return opened;
  };

  return {
    async read(unit, table, start, count) {
      if (stream === null && (isClosed || monotonic() < notBefore)) return failed(lastFault, 'link');
      stream ??= connect();
      if (quietMs > 0) await sleep(quietMs);
      // Frames without a number: of an answer that came too late, or of noise, nothing is to be taken for the next one.
      if (quietMs > 0) received = Buffer.alloc(0);
      transaction = (transaction + 1) % 65_536;
      const code = FUNCTION_CODES[table];
      const { promise, resolve } = Promise.withResolvers<RegisterReading>();
      const timer = setTimeout(() => {
        if (isConnecting(stream))
          drop(`no connection within ${timeoutMs} ms: is the address right, and the way open?`);
        else end(failed(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      asked = { transaction, unit, code, count, end: resolve };
      stream?.write(framing.wrap(transaction, unit, requestOf(code, start, count)));
      if (stream === null) end(failed(lastFault, 'link'));
      const reading = await promise;
      clearTimeout(timer);
      return reading;
    },
    close: () => {
      isClosed = true;
      drop('it is closed');
    },
  };
};
