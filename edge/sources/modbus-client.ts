import { connect, type Socket } from 'node:net';

/** Which of a device's two tables of 16-bit registers: function codes 3 and 4. */
export type RegisterTable = 'holding' | 'input';

/** What a device answered: its registers, an exception of its own, or nothing that can be used. */
export type RegisterReading =
  | Readonly<{ ok: true; registers: Buffer }>
  | Readonly<{ ok: false; isException: boolean; message: string }>;

export type ModbusClient = Readonly<{
  /** Reads `count` (1 to 125) registers from `start` (0 to 65535) of the unit behind an address. Never rejects. */
  read(unit: number, table: RegisterTable, start: number, count: number): Promise<RegisterReading>;
  close(): void;
}>;

export type ModbusAddress = Readonly<{ host: string; port: number; timeoutMs: number }>;

const FUNCTION_CODES = { holding: 3, input: 4 } as const;
const HEADER_BYTES = 7;
const MAX_ANSWER_BYTES = 260;
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

const failed = (message: string, isException = false): RegisterReading => ({
  ok: false,
  isException,
  message,
});

const requestOf = (transaction: number, unit: number, code: number, start: number, count: number): Buffer => {
  const request = Buffer.alloc(HEADER_BYTES + 5);
  request.writeUInt16BE(transaction, 0);
  request.writeUInt16BE(6, 4);
  request.writeUInt8(unit, 6);
  request.writeUInt8(code, 7);
  request.writeUInt16BE(start, 8);
  request.writeUInt16BE(count, 10);
  return request;
};

/** Reads an answer that is whole: unit, function, and registers or an exception. */
const readAnswer = (answer: Buffer, code: number, count: number): RegisterReading => {
  const said = answer.readUInt8(7);
  if (said === (code | 0x80)) {
    const exception = answer.length > 8 ? answer.readUInt8(8) : 0;
    return failed(`exception ${exception}: ${EXCEPTIONS[exception] ?? 'of its own'}`, true);
  }
  const registers = answer.subarray(9);
  if (
    said !== code ||
    answer.length < 9 ||
    answer.readUInt8(8) !== 2 * count ||
    registers.length !== 2 * count
  )
    return failed('it answered something else than was asked');
  return { ok: true, registers };
};

type Asked = Readonly<{
  transaction: number;
  code: number;
  count: number;
  end: (reading: RegisterReading) => void;
}>;

/**
 * A client of Modbus TCP that asks one thing at a time, as many devices can take no more. It connects when it is asked,
 * and after a failure not before a back-off has passed; an answer that comes too late is nobody's.
 */
export const createModbusClient = (
  { host, port, timeoutMs }: ModbusAddress,
  monotonic: () => number = performance.now.bind(performance),
): ModbusClient => {
  let socket: Socket | null = null;
  let asked: Asked | null = null;
  let received = Buffer.alloc(0);
  let transaction = 0;
  let retryMs = FIRST_RETRY_MS;
  let notBefore = Number.NEGATIVE_INFINITY;
  let lastFault = '';

  const end = (reading: RegisterReading): void => {
    asked?.end(reading);
    asked = null;
  };
  const drop = (fault: string): void => {
    socket?.destroy();
    socket = null;
    received = Buffer.alloc(0);
    lastFault = fault;
    notBefore = monotonic() + retryMs;
    retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    end(failed(fault));
  };
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= HEADER_BYTES + 1) {
      const length = 6 + received.readUInt16BE(4);
      if (received.readUInt16BE(2) !== 0 || length <= HEADER_BYTES || length > MAX_ANSWER_BYTES) {
        drop('it does not speak Modbus');
        return;
      }
      if (received.length < length) return;
      const answer = received.subarray(0, length);
      received = received.subarray(length);
      if (asked === null || answer.readUInt16BE(0) !== asked.transaction) continue;
      retryMs = FIRST_RETRY_MS;
      end(readAnswer(answer, asked.code, asked.count));
    }
  };
  const open = (): Socket => {
    const opened = connect({ host, port });
    opened.setNoDelay(true);
    opened.on('data', (chunk) => opened === socket && take(chunk));
    opened.on('error', (error) => opened === socket && drop(error.message));
    opened.on('close', () => opened === socket && drop('it ended the connection'));
    return opened;
  };

  return {
    read: (unit, table, start, count) => {
      if (socket === null && monotonic() < notBefore) return Promise.resolve(failed(lastFault));
      socket ??= open();
      transaction = (transaction + 1) % 65_536;
      const code = FUNCTION_CODES[table];
      socket.write(requestOf(transaction, unit, code, start, count));
      return new Promise((resolve) => {
        const timer = setTimeout(() => end(failed(`no answer within ${timeoutMs} ms`)), timeoutMs);
        asked = {
          transaction,
          code,
          count,
          end: (reading) => {
            clearTimeout(timer);
            resolve(reading);
          },
        };
      });
    },
    close: () => drop('it is closed'),
  };
};
