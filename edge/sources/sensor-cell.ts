const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
// Tables written by numpy and pandas say nan for what is missing, and inf.
const MISSING = /^(nan)?$/i;
const INFINITE = /^([-+]?)inf(inity)?$/i;

/** The value in a cell of a table, null when it is missing (empty or `nan`), undefined when it is no number. */
export const readSensorCell = (cell: string): number | null | undefined => {
  if (MISSING.test(cell)) return null;
  if (NUMBER.test(cell)) return Number(cell);
  const sign = INFINITE.exec(cell)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};
