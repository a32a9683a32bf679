import { isDeepStrictEqual } from 'node:util';

type Fields = Readonly<Record<string, unknown>>;

const FAMILIES = new Map([
  ['condition', 'condition+severity'],
  ['severity', 'condition+severity'],
  ['notice', 'notice'],
  ['refused', 'refused'],
  ['late', 'late+quarantine'],
  ['quarantine', 'late+quarantine'],
]);

/**
 * Whether two outputs of a replay agree: per stream, owner (cylinder or gateway) and family, the sequences of lines
 * are equal as JSON values. Null when they do; otherwise one description of the first difference.
 */
export const compareOutputs = (expected: readonly object[], actual: readonly object[]): string | null => {
  const wanted = sequences(expected);
  const got = sequences(actual);
  for (const place of new Set([...wanted.keys(), ...got.keys()])) {
    const difference = firstDifference(wanted.get(place) ?? [], got.get(place) ?? []);
    if (difference !== null) return `${place}, ${difference}`;
  }
  return null;
};

const firstDifference = (wanted: readonly Fields[], got: readonly Fields[]): string | null => {
  for (let index = 0; index < Math.max(wanted.length, got.length); index += 1) {
    if (!isDeepStrictEqual(wanted[index], got[index]))
      return `index ${index}: expected ${show(wanted[index])}, got ${show(got[index])}`;
  }
  return null;
};

const show = (line: Fields | undefined): string => {
  return line === undefined ? 'nothing' : JSON.stringify(line);
};

/** The lines of each stream, owner and family, in the order of the output. */
const sequences = (output: readonly object[]): Map<string, Fields[]> => {
  const found = new Map<string, Fields[]>();
  let stream = 'before any stream';
  let streams = 0;
  for (const item of output) {
    const line: Fields = JSON.parse(JSON.stringify(item));
    if (line.kind === 'begin') {
      streams += 1;
      stream = `stream ${streams} (seed ${line.seed})`;
    }
    const place = line.kind === 'begin' ? `${stream}, begin` : `${stream}, ${owner(line)}, ${family(line)}`;
    found.set(place, [...(found.get(place) ?? []), line]);
  }
  return found;
};

const owner = (line: Fields): string => {
  return line.cylinder === undefined ? `gateway ${line.gateway}` : `cylinder ${line.cylinder}`;
};

const family = (line: Fields): string => {
  const kind = String(line.kind);
  return FAMILIES.get(kind) ?? `unknown kind ${kind}`;
};
