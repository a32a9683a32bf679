import { TableError } from './table.ts';

const HEAD_BYTES = 1 << 16;

/** The bytes of a file as UTF-8 without a byte order mark, and its beginning, which is all of a short file. */
type Utf8Chunks = Readonly<{ head: Buffer; chunks: AsyncIterable<Buffer> }>;

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
  // Zeros on both sides are of a file that was filled up with them.
  if (Math.max(even, odd) > most && Math.min(even, odd) < most / 4)
    return odd > even ? 'utf-16le' : 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return 'utf-8';
  } catch {
    return eastAsian(head.toString('latin1')) ?? 'windows-1252';
  }
};

/**
 * Which encoding of Korea, China or Japan bytes are in, by their pairs: those of EUC-KR and GB are above 0xA0 both, and
 * what is Hangul in one begins lower than most of the other; those of Shift JIS begin with a byte that no letter of
 * Western Europe is. Null where they are of none. https://encoding.spec.whatwg.org/#legacy-multi-byte-korean-encodings
 */
const eastAsian = (text: string): string | null => {
  const runs = text.match(/[\x80-\xff]+/g) ?? [];
  if (/[\x81-\x9f][\x40-\x7e\x80-\xfc]/.test(text) && runs.some((run) => run.length > 1)) return 'shift_jis';
  const leads = runs.flatMap((run) => run.match(/../gs) ?? []).map((pair) => pair.charCodeAt(0));
  if (!runs.every((run) => /^([\xa1-\xfe]{2})+$/.test(run))) return null;
  return leads.some((lead) => lead > 0xc8) ? 'gb18030' : 'euc-kr';
};

const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** What else files begin with that are given for tables, and what to do about it. */
const OTHERS: readonly (readonly [beginning: string, message: string])[] = [
  ['PK\x03\x04', 'is a workbook of a spreadsheet or an archive: save its sheet as CSV'],
  ['\xd0\xcf\x11\xe0', 'is a workbook of an old spreadsheet: save its sheet as CSV'],
  ...['BZh', '\xfd7zXZ', '\x1f\x8b', '\x28\xb5\x2f\xfd', '7z\xbc\xaf'].map(
    (mark) => [mark, 'is compressed: unpack it first'] as const,
  ),
  ['SQLite format 3', 'is a database of SQLite: export its table as CSV'],
  ['\x89HDF', 'is HDF5: write its table as Parquet or CSV, as pandas.read_hdf(…).to_parquet(…) does'],
  ['MATLAB 5.0 MAT', 'is a file of MATLAB: write its table with writetable or parquetwrite'],
  ['TDSm', 'is TDMS of LabVIEW: export its channels as CSV, or with nptdms to Parquet'],
  ['ARROW1', 'is Feather of Arrow: write its table as Parquet'],
  ['\x93NUMPY', 'is an array of NumPy: write it as CSV, with the names of its columns'],
  ['\x80\x04\x95', 'is pickled by Python: write the table with to_parquet or to_csv'],
  ['\x80\x05\x95', 'is pickled by Python: write the table with to_parquet or to_csv'],
  ['Obj\x01', 'is Avro: write its table as Parquet or CSV'],
  ['ORC', 'is ORC: write its table as Parquet or CSV'],
  ['PARE', 'is Parquet that is encrypted: write it without'],
  ['%PDF', 'is a PDF: export the table itself as CSV'],
  ['version https://git-lfs', 'is a pointer of Git LFS and not the file: git lfs pull brings it'],
  ['@relation', 'is ARFF of Weka: save it as CSV'],
];
const JSON_BEGINNING = /^\s*(\{\s*"|\[\s*[{[])/;
const MARKUP_BEGINNING = /^\s*<(!doctype|html|\?xml)/i;

/** Why bytes are no table of cells, as the end of a sentence; null where they may be one. */
const otherKind = (raw: Buffer): string | null => {
  const start = raw.toString('latin1', 0, 64);
  const text = start.replace(/^\xef\xbb\xbf/, '');
  if (raw.toString('latin1', 257, 262) === 'ustar') return 'is an archive of tar: unpack it first';
  if (raw.toString('latin1', 8, 12) === 'DUCK')
    return 'is a database of DuckDB: export its table as Parquet or CSV';
  if (JSON_BEGINNING.test(text))
    return 'is JSON and not a table: sentinel source check FILE says what is understood of messages';
  if (MARKUP_BEGINNING.test(text)) return 'is HTML or XML and not a table: it may be a page to sign in';
  return OTHERS.find(([beginning]) => start.startsWith(beginning))?.[1] ?? null;
};

/** Reads a file in UTF-8, UTF-16 or Windows-1252, told by its beginning. Rejects with a TableError where it is of another kind. */
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
  const other = otherKind(raw);
  if (other !== null) throw new TableError(other);
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
