import { type Fields, isFields, parseJson } from '../fields.ts';

/** One row of a message: its own fields before those that hold for all rows, the key it stands under, and where it came from. */
export type Row = Readonly<{
  fields: Fields;
  root: Fields;
  key: string | null;
  topic: string;
  receivedAt: number;
}>;

/** A value, or what is in it where it is JSON as a text. */
const opened = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[[{]/.test(value) ? parseJson(value) : value;

const own = (value: unknown, name: string): unknown => {
  const inside = opened(value);
  if (Array.isArray(inside)) return /^\d+$/.test(name) ? inside[Number(name)] : undefined;
  return isFields(inside) && Object.hasOwn(inside, name) ? inside[name] : undefined;
};

const found = (value: unknown, steps: readonly string[]): unknown => {
  if (steps.length === 0) return value;
  for (let end = steps.length; end > 0; end -= 1) {
    const next = own(value, steps.slice(0, end).join('.'));
    const there = next === undefined ? undefined : found(next, steps.slice(end));
    if (there !== undefined) return there;
  }
  return undefined;
};

/** A path as JSONPath or JSON Pointer (RFC 6901) has it, `$.a[0]['b']` or `/a/0/b`, with dots. */
const dotted = (path: string): string => {
  if (path.startsWith('/')) return path.slice(1).replaceAll('/', '.');
  return path
    .replace(/^\$\.?/, '')
    .replaceAll(/\.?\[['"]?([^\]'"]+)['"]?\]/g, '.$1')
    .replace(/^\./, '');
};

/**
 * Finds what a path such as `device.channels.0.value` names, the longest name first where names have dots; `.` is all.
 * One in another writing is tried where nothing bears it as its name.
 */
export const pathReader = (path: string): ((fields: Fields) => unknown) => {
  if (path === '.') return (fields) => fields;
  const steps = path.split('.');
  const other = dotted(path);
  if (other === path || other === '') return (fields) => found(fields, steps);
  const otherSteps = other.split('.');
  return (fields) => found(fields, steps) ?? found(fields, otherSteps);
};

export const rowReader = (path: string): ((row: Row) => unknown) => {
  const read = pathReader(path);
  return ({ fields, root }) => {
    const inside = read(fields);
    return inside === undefined && root !== fields ? read(root) : inside;
  };
};

type Keyed = Readonly<{ fields: Fields; key: string | null }>;

/** The rows of a list; one that is a list itself has its places for names. */
const listed = (list: readonly unknown[], key: string | null): readonly Keyed[] =>
  list.flatMap((one) => {
    if (Array.isArray(one)) return [{ fields: { ...one }, key }];
    return isFields(one) ? [{ fields: one, key }] : [];
  });

/** The rows of an object: itself, or those of the list there, or of the object whose every field is one or a list of them. */
export const rowsOf = (
  root: Fields,
  samples: ReturnType<typeof pathReader> | undefined,
): readonly Keyed[] => {
  if (samples === undefined) return [{ fields: root, key: null }];
  const inside = opened(samples(root));
  if (Array.isArray(inside)) return listed(inside, null);
  if (!isFields(inside)) return [];
  return Object.entries(inside).flatMap(([key, value]) =>
    Array.isArray(value) ? listed(value, key) : isFields(value) ? [{ fields: value, key }] : [],
  );
};

/** Times below are from now on, s. https://www.rfc-editor.org/rfc/rfc8428#section-4.5.3 */
const SENML_ABSOLUTE_S = 2 ** 28;
const SENML_BASES = ['bn', 'bt', 'bv'] as const;

const numberIn = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
};

/** Rows of SenML with their base name, time and value put into `n`, `t` (s) and `v`; all others as they are. RFC 8428 */
export const withBases = (rows: readonly Row[]): readonly Row[] => {
  if (!rows.some(({ fields }) => SENML_BASES.some((base) => fields[base] !== undefined))) return rows;
  let bases: Fields = {};
  return rows.map((row) => {
    const { fields, receivedAt } = row;
    bases = {
      ...bases,
      ...Object.fromEntries(SENML_BASES.flatMap((base) => (base in fields ? [[base, fields[base]]] : []))),
    };
    const seconds = numberIn(bases, 'bt') + numberIn(fields, 't');
    const resolved: Record<string, unknown> = {
      ...fields,
      n: `${bases.bn ?? ''}${fields.n ?? ''}`,
      t: seconds < SENML_ABSOLUTE_S ? receivedAt / 1000 + seconds : seconds,
    };
    if (typeof fields.v === 'number') resolved.v = numberIn(bases, 'bv') + fields.v;
    return { ...row, fields: resolved };
  });
};
