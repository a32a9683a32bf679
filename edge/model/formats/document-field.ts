import { damaged } from '../model-error.ts';

// The root's parent and a deleted node's feature are written as −1, 2^31 − 1 or this by different versions.
const LARGEST_UNSIGNED = 0xffffffff;

/** A decoded JSON or UBJSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** The object under a key, or null when there is none. */
export const findObject = (fields: Fields, key: string): Fields | null => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isFields(value) ? value : null;
};

export const objectAt = (fields: Fields, key: string): Fields => {
  const value = findObject(fields, key);
  if (value === null) throw damaged(`it has no ${key}`);
  return value;
};

export const textAt = (fields: Fields, key: string): string => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof value !== 'string') throw damaged(`its ${key} is not a text`);
  return value;
};

/** A whole number ≥ 0, written as a number or as a text of digits; `otherwise` when the key is absent. */
export const countAt = (fields: Fields, key: string, otherwise?: number): number => {
  const value = Object.hasOwn(fields, key) ? fields[key] : otherwise;
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > 0xffffffff)
    throw damaged(`its ${key} is not a count`);
  return count;
};

/** A list under a key, from a JSON array or a typed UBJSON one; empty when the key is absent. */
export const listAt = (fields: Fields, key: string): ArrayLike<unknown> => {
  const value = Object.hasOwn(fields, key) ? fields[key] : [];
  if (Array.isArray(value)) return value;
  if (isNumberColumn(value)) return value;
  throw damaged(`its ${key} is not a list`);
};

const isNumberColumn = (value: unknown): value is ArrayLike<number> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Copies a list of numbers or truth values into a column, which must have the same length. */
export const fillColumn = <Column extends Int32Array | Float32Array | Uint8Array>(
  column: Column,
  list: ArrayLike<unknown>,
  key: string,
): Column => {
  if (list.length !== column.length)
    throw damaged(`its ${key} has ${list.length} entries for ${column.length} nodes`);
  if (isSameKind(column, list)) {
    column.set(list);
    return column;
  }
  // The first model of a process is read before anything is compiled: as little as can be for each entry.
  if (column instanceof Uint8Array) fillFlags(column, list, key);
  else {
    for (let i = 0; i < column.length; i++) {
      const value = list[i];
      if (typeof value !== 'number') throw damaged(`its ${key} holds something that is not a number`);
      column[i] = value;
    }
    if (column instanceof Int32Array) checkWhole(column, list, key);
  }
  return column;
};

const fillFlags = (column: Uint8Array, list: ArrayLike<unknown>, key: string): void => {
  for (let i = 0; i < column.length; i++) {
    const value = list[i];
    // Flags are truth values up to 1.5 and numbers since.
    if (!isFlag(value)) throw damaged(`its ${key} holds something that is not a number`);
    column[i] = Number(value) === 0 ? 0 : 1;
  }
};

const checkWhole = (column: Int32Array, list: ArrayLike<unknown>, key: string): void => {
  for (let i = 0; i < column.length; i++)
    if (column[i] !== list[i] && list[i] !== LARGEST_UNSIGNED)
      throw damaged(`its ${key} holds ${list[i]}, which is no node or feature number`);
};

/** Whether a list needs no look at its entries, as those of a typed UBJSON list. */
const isSameKind = (column: object, list: object): list is Int32Array | Float32Array => {
  const isOf = (kind: typeof Int32Array | typeof Float32Array) =>
    column instanceof kind && list instanceof kind;
  return isOf(Int32Array) || isOf(Float32Array);
};

const isFlag = (value: unknown): value is number | boolean =>
  typeof value === 'boolean' || typeof value === 'number';

/** Every entry as a text. */
export const textsAt = (fields: Fields, key: string): readonly string[] =>
  Array.from(listAt(fields, key), (value) => {
    if (typeof value !== 'string') throw damaged(`its ${key} holds something that is not a text`);
    return value;
  });

/** Every entry as a finite number. */
export const numbersAt = (fields: Fields, key: string): readonly number[] =>
  Array.from(listAt(fields, key), (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw damaged(`its ${key} holds something that is not a number`);
    return value;
  });
