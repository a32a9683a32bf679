import type { LakeColumn } from './columns.ts';

/** The most bytes of a Firehose record, before it is encoded. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_RECORD_BYTES = 1_000_000;

export type LakeDocument = Readonly<{ text: string; bytes: number }>;

const isStorable = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isStorable) : typeof value !== 'number' || Number.isFinite(value);

/** A row as one line of JSON by its columns' keys, nothing where there is no value, or why it cannot be one. */
export const lakeDocument = <T>(
  columns: readonly LakeColumn<T>[],
  row: T,
): LakeDocument | Readonly<{ refusal: string }> => {
  const cells: [string, unknown][] = [];
  for (const { key, type, of } of columns) {
    const value = of(row);
    if (value === null) continue;
    // JSON has no such number, and a fraction in a column of whole numbers would take its whole record to the errors.
    if (!isStorable(value)) return { refusal: `${key} is not a finite number` };
    if (type === 'bigint' && !Number.isSafeInteger(value)) return { refusal: `${key} is not a whole number` };
    cells.push([key, value]);
  }
  const text = `${JSON.stringify(Object.fromEntries(cells))}\n`;
  const bytes = Buffer.byteLength(text);
  return bytes > MAX_RECORD_BYTES
    ? { refusal: `its document is ${bytes} bytes, the most is ${MAX_RECORD_BYTES}` }
    : { text, bytes };
};

/** The most bytes of a call: 4 MiB as they travel, encoded in base64. https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const MAX_BATCH_BYTES = 3_000_000;
const MAX_BATCH_RECORDS = 500;

/** Joins what lies side by side as long as the sum of its sizes stays within `most`, and within `mostOf` pieces. */
const packed = <T>(
  pieces: readonly T[],
  sizeOf: (piece: T) => number,
  most: number,
  mostOf = Number.POSITIVE_INFINITY,
): readonly (readonly T[])[] => {
  const packs: T[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const size = sizeOf(piece);
    const pack = packs.at(-1);
    if (pack === undefined || size > room || pack.length >= mostOf) {
      packs.push([piece]);
      room = most - size;
    } else {
      pack.push(piece);
      room -= size;
    }
  }
  return packs;
};

/** Packs documents into records as large as Firehose takes, since each is paid for in steps of 5 KB, and those into calls. */
export const lakeBatches = (documents: readonly LakeDocument[]): readonly (readonly Uint8Array[])[] => {
  const records = packed(documents, ({ bytes }) => bytes, MAX_RECORD_BYTES).map((pack) =>
    Buffer.from(pack.map(({ text }) => text).join('')),
  );
  return packed(records, ({ length }) => length, MAX_BATCH_BYTES, MAX_BATCH_RECORDS);
};
