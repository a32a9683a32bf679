import type { LakeColumn } from './lake-columns.ts';

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
