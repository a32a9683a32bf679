/** What is known of an answer before anybody looks into it: for whom it is, and its function and data. */
export type Answer = Readonly<{ transaction: number | null; unit: number; pdu: Buffer }>;

/** What the bytes that were received begin with. */
export type NextAnswer =
  | Readonly<{ kind: 'answer'; answer: Answer; rest: Buffer }>
  | Readonly<{ kind: 'part' }>
  /** Bytes that are no answer: a line may be disturbed, but who sends them by TCP speaks something else. */
  | Readonly<{ kind: 'damaged'; message: string }>
  | Readonly<{ kind: 'foreign'; message: string }>;

/** How requests and answers are wrapped. */
export type Framing = Readonly<{
  wrap(transaction: number, unit: number, pdu: Buffer): Buffer;
  next(received: Buffer): NextAnswer;
}>;

const HEADER_BYTES = 7;
const MAX_ANSWER_BYTES = 260;
const FOREIGN = { kind: 'foreign', message: 'it does not speak Modbus' } as const;
const PART = { kind: 'part' } as const;

/** https://modbus.org/docs/Modbus_Messaging_Implementation_Guide_V1_0b.pdf, 3.1.3 */
export const tcpFraming: Framing = {
  wrap(transaction, unit, pdu) {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16BE(transaction, 0);
    header.writeUInt16BE(pdu.length + 1, 4);
    header.writeUInt8(unit, 6);
    return Buffer.concat([header, pdu]);
  },
  next(received) {
    if (received.length <= HEADER_BYTES) return PART;
    const length = 6 + received.readUInt16BE(4);
    if (received.readUInt16BE(2) !== 0 || length <= HEADER_BYTES || length > MAX_ANSWER_BYTES) return FOREIGN;
    if (received.length < length) return PART;
    const pdu = received.subarray(HEADER_BYTES, length);
    const answer = { transaction: received.readUInt16BE(0), unit: received.readUInt8(6), pdu };
    return { kind: 'answer', answer, rest: received.subarray(length) };
  },
};

/** The checksum of a frame of RTU. https://modbus.org/docs/Modbus_over_serial_line_V1_02.pdf, 6.2.2 */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
};

const EXCEPTION_BYTES = 5;

/**
 * Frames of RTU, on a serial line or passed on by TCP. The length of an answer follows from its function and its count,
 * so that no pause on the line has to be measured.
 */
export const rtuFraming: Framing = {
  wrap(_, unit, pdu) {
    const frame = Buffer.concat([Buffer.of(unit), pdu, Buffer.alloc(2)]);
    frame.writeUInt16LE(crc16(frame.subarray(0, -2)), frame.length - 2);
    return frame;
  },
  next(received) {
    if (received.length < EXCEPTION_BYTES) return PART;
    const code = received.readUInt8(1);
    const isRegisters = code === 3 || code === 4;
    if (!isRegisters && code < 0x80)
      return {
        kind: 'damaged',
        message: 'its answer begins as none of Modbus RTU: check baud rate and parity',
      };
    const length = isRegisters ? EXCEPTION_BYTES + received.readUInt8(2) : EXCEPTION_BYTES;
    if (received.length < length) return PART;
    const frame = received.subarray(0, length);
    if (frame.readUInt16LE(length - 2) !== crc16(frame.subarray(0, -2)))
      return { kind: 'damaged', message: 'the checksum of its answer is wrong' };
    const answer = { transaction: null, unit: frame.readUInt8(0), pdu: frame.subarray(1, -2) };
    return { kind: 'answer', answer, rest: received.subarray(length) };
  },
};
