import { type Fields, isFields, isSame } from '../../domain/fields.ts';

/** An object as a shadow keeps it: JSON, without the keys that say null. */
export const withoutNulls = (object: Fields): Fields =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, isFields(value) ? withoutNulls(value) : value]),
  );

/**
 * The least patch that makes a shadow's state say what `wanted` (without nulls) says: null takes a key away. Null where
 * it says so already.
 */
export const patchTowards = (current: Fields, wanted: Fields): Fields | null => {
  const changes: [string, unknown][] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const before = Object.hasOwn(current, key) ? current[key] : undefined;
    if (isFields(before) && isFields(value)) {
      const below = patchTowards(before, value);
      if (below !== null) changes.push([key, below]);
    } else if (!isSame(before, value)) changes.push([key, value]);
  }
  for (const key of Object.keys(current)) if (!Object.hasOwn(wanted, key)) changes.push([key, null]);
  return changes.length === 0 ? null : Object.fromEntries(changes);
};
