/** A row of an answer: values as the store gives them, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** A text; null where there is no value. */
export const textIn = (row: Row, column: string): string | null => {
  const value = row[column];
  return value === null || value === undefined || value === '' ? null : String(value);
};

/** A number, also one that a store writes as text; null where there is no value, or none that is finite. */
export const numberIn = (row: Row, column: string): number | null => {
  const text = textIn(row, column);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

/** A count, or a sum of nothing. */
export const countIn = (row: Row, column: string): number => numberIn(row, column) ?? 0;

/** A time in UTC, `2026-01-05 10:00:00.123`, as ms; null where there is no value. */
export const timeIn = (row: Row, column: string): number | null => {
  const text = textIn(row, column);
  if (text === null) return null;
  const ms = Date.parse(
    `${text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1')}${text.includes(':') ? 'Z' : ''}`,
  );
  return Number.isNaN(ms) ? null : ms;
};

export const sumOf = (rows: readonly Row[], column: string): number =>
  rows.reduce((sum, row) => sum + countIn(row, column), 0);
