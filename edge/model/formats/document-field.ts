import { damaged } from '../model.ts';

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

type NumberList = Int32Array | Float32Array | Float64Array;

type List = readonly unknown[] | NumberList;

/** A list under a key, from a JSON array or a typed UBJSON one; empty when the key is absent. */
export const listAt = (fields: Fields, key: string): List => {
  const value = Object.hasOwn(fields, key) ? fields[key] : [];
  if (Array.isArray(value) || isNumberList(value)) return value;
  throw damaged(`its ${key} is not a list`);
};

const isNumberList = (value: unknown): value is NumberList =>
  value instanceof Float32Array || value instanceof Int32Array || value instanceof Float64Array;

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

/** A tree as a document has it, and how many nodes it announces. */
export type DocumentTree = Readonly<{ fields: Fields; count: number }>;

/**
 * The nodes of all trees under a key, one tree after the other, as node or feature numbers. The first model of a
 * process is read before anything is compiled: so columns go through functions of the platform as far as can be.
 */
export const integerColumn = (trees: readonly DocumentTree[], key: string): Int32Array => {
  const numbers = gather(new Float64Array(nodesOf(trees)), trees, key, NUMBERS);
  const column = new Int32Array(numbers);
  if (Buffer.from(numbers.buffer).equals(Buffer.from(new Float64Array(column).buffer))) return column;
  for (let i = 0; i < column.length; i++)
    if (column[i] !== numbers[i] && numbers[i] !== LARGEST_UNSIGNED)
      throw damaged(`its ${key} holds ${numbers[i]}, which is no node or feature number`);
  return column;
};

/** The nodes of all trees under a key as numbers of single precision. */
export const singleColumn = (trees: readonly DocumentTree[], key: string): Float32Array =>
  gather(new Float32Array(nodesOf(trees)), trees, key, NUMBERS);

/** The nodes of all trees under a key as 0 or 1. */
export const flagColumn = (trees: readonly DocumentTree[], key: string): Uint8Array =>
  gather(new Uint8Array(nodesOf(trees)), trees, key, FLAGS);

const nodesOf = (trees: readonly DocumentTree[]): number => trees.reduce((sum, { count }) => sum + count, 0);

/** What entries may be: whether all of a list are so as a rule, and each of a list that is otherwise. */
type Kind = Readonly<{
  areUsual: (list: List) => list is readonly number[] | NumberList;
  read: (value: unknown, key: string) => number;
}>;

const gather = <Column extends Float32Array | Float64Array | Uint8Array>(
  column: Column,
  trees: readonly DocumentTree[],
  key: string,
  { areUsual, read }: Kind,
): Column => {
  let from = 0;
  for (const { fields, count } of trees) {
    const list = listAt(fields, key);
    if (list.length !== count) throw damaged(`its ${key} has ${list.length} entries for ${count} nodes`);
    column.set(areUsual(list) ? list : list.map((value) => read(value, key)), from);
    from += count;
  }
  return column;
};

const numberIn = (value: unknown, key: string): number => {
  if (typeof value !== 'number') throw damaged(`its ${key} holds something that is not a number`);
  return value;
};

const NUMBERS: Kind = {
  areUsual: (list): list is readonly number[] | NumberList =>
    !Array.isArray(list) || list.every(Number.isFinite),
  read: numberIn,
};

const USUAL_FLAGS: readonly unknown[] = [0, 1, false, true];

// Truth values up to 1.5, which a column takes as 0 and 1, and numbers since.
const FLAGS: Kind = {
  areUsual: (list): list is readonly number[] =>
    [...new Set(list)].every((flag) => USUAL_FLAGS.includes(flag)),
  read: (value, key) => (typeof value === 'boolean' ? Number(value) : numberIn(value, key) === 0 ? 0 : 1),
};
