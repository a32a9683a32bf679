import { isFields } from './fields.ts';

/** JSON in which equal values read the same: members in the order of their names, without those that say nothing. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.sort().join(',')}}`;
};

const OFFSETS = [0x811c9dc5, 0x9747b28c] as const;
const PRIME = 0x01000193;

/** FNV-1a over UTF-16 units, from an offset. http://www.isthe.com/chongo/tech/comp/fnv/ */
const fnv = (text: string, offset: number): number => {
  let hash = offset;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return hash >>> 0;
};

/** A short digest of a JSON value, to know it again by; nothing that an attacker could not forge. */
export const digest = (value: unknown): string => {
  const text = canonical(value);
  return OFFSETS.map((offset) => fnv(text, offset).toString(36)).join('');
};
