import { crc32 } from 'node:zlib';

/** A message of the event stream encoding, with the headers that event stream RPC puts into it. */
export type Frame = Readonly<{
  type: number;
  flags: number;
  stream: number;
  /** Other headers, all text. */
  headers: Readonly<Record<string, string>>;
  payload: string;
}>;

export const FRAME = { application: 0, error: 1, connect: 4, connectAck: 5 } as const;
export const FLAG = { accepted: 1, terminate: 2 } as const;

const INT32 = 4;
const TEXT = 7;
const PRELUDE_BYTES = 12;
const AROUND_BYTES = PRELUDE_BYTES + 4;

/** Writes a frame. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html has the encoding. */
export const encodeFrame = ({ type, flags, stream, headers, payload }: Frame): Buffer => {
  const numbers = { ':message-type': type, ':message-flags': flags, ':stream-id': stream };
  const encoded = Buffer.concat([
    ...Object.entries(headers).map(([name, value]) => encodeHeader(name, TEXT, encodeText(value))),
    ...Object.entries(numbers).map(([name, value]) => encodeHeader(name, INT32, int32(value))),
  ]);
  const body = Buffer.from(payload);
  const lengths = Buffer.concat([int32(encoded.length + body.length + AROUND_BYTES), int32(encoded.length)]);
  const prelude = Buffer.concat([lengths, int32(crc32(lengths))]);
  const message = Buffer.concat([prelude, encoded, body]);
  return Buffer.concat([message, int32(crc32(message))]);
};

/** Cuts whole frames off what has come so far. Throws when a checksum is wrong. */
export const decodeFrames = (bytes: Buffer): Readonly<{ frames: readonly Frame[]; rest: Buffer }> => {
  const frames: Frame[] = [];
  let rest = bytes;
  while (rest.length >= PRELUDE_BYTES && rest.length >= rest.readUInt32BE(0)) {
    const total = rest.readUInt32BE(0);
    frames.push(decodeFrame(rest.subarray(0, total)));
    rest = rest.subarray(total);
  }
  return { frames, rest };
};

const decodeFrame = (message: Buffer): Frame => {
  const end = message.length - 4;
  if (message.readUInt32BE(8) !== crc32(message.subarray(0, 8))) throw new Error('the prelude is damaged');
  if (message.readUInt32BE(end) !== crc32(message.subarray(0, end)))
    throw new Error('the message is damaged');
  const headersEnd = PRELUDE_BYTES + message.readUInt32BE(4);
  const numbers = new Map<string, number>();
  const headers: Record<string, string> = {};
  for (let at = PRELUDE_BYTES; at < headersEnd; ) {
    const nameEnd = at + 1 + message.readUInt8(at);
    const name = message.toString('utf8', at + 1, nameEnd);
    const type = message.readUInt8(nameEnd);
    if (type === INT32) {
      numbers.set(name, message.readInt32BE(nameEnd + 1));
      at = nameEnd + 5;
    } else if (type === TEXT) {
      const from = nameEnd + 3;
      at = from + message.readUInt16BE(nameEnd + 1);
      headers[name] = message.toString('utf8', from, at);
    } else throw new Error(`header ${name} has type ${type}`);
  }
  const number = (name: string) => numbers.get(name) ?? 0;
  return {
    type: number(':message-type'),
    flags: number(':message-flags'),
    stream: number(':stream-id'),
    headers,
    payload: message.toString('utf8', headersEnd, end),
  };
};

const encodeHeader = (name: string, type: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([type]), value]);

const encodeText = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
