const HEAD_BYTES = 1 << 16;

/** The bytes of a file as UTF-8 without a byte order mark, and its beginning, which is all of a short file. */
export type Utf8Chunks = Readonly<{ head: Buffer; chunks: AsyncIterable<Buffer> }>;

/**
 * What a file is written in, by its beginning: its byte order mark, the zeros that UTF-16 has beside Latin letters, or
 * whether it is UTF-8; all else is taken for Windows-1252, as spreadsheets of Western Europe write it.
 */
const encodingOf = (head: Buffer, isWhole: boolean): string => {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [at, byte] of head.subarray(0, 1024).entries())
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = Math.min(head.length, 1024) / 4;
  if (Math.max(even, odd) > most) return odd > even ? 'utf-16le' : 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
};

const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** Reads a file in UTF-8, UTF-16 or Windows-1252, told by its beginning. */
export const utf8Chunks = async (input: AsyncIterable<Uint8Array | string>): Promise<Utf8Chunks> => {
  const source = input[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let bytes = 0;
  let isWhole = false;
  while (bytes < HEAD_BYTES && !isWhole) {
    const next = await source.next();
    if (next.done === true) isWhole = true;
    else {
      seen.push(Buffer.from(next.value));
      bytes += next.value.length;
    }
  }
  const raw = Buffer.concat(seen);
  const encoding = encodingOf(raw, isWhole);
  const decoder = encoding === 'utf-8' ? null : new TextDecoder(encoding);
  const toUtf8 = (chunk: Buffer): Buffer =>
    decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  const head = withoutMark(toUtf8(raw));
  async function* chunks(): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const { value } = next;
      yield toUtf8(typeof value === 'string' ? Buffer.from(value) : bufferOf(value));
    }
  }
  return { head, chunks: chunks() };
};

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
