import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from './json.ts';
import type { Section } from './shadow-store.ts';

const EMPTY: Section = { state: {}, metadata: {} };

/**
 * A section after an update: objects merge, null takes a key away, arrays and plain values replace what was there, and
 * what the update names carries its time. Null if nothing is left.
 */
export const mergeSection = (
  section: Section | null,
  patch: JsonObject | null,
  nowS: number,
): Section | null => {
  if (patch === null) return null;
  const merged = merge(section ?? EMPTY, patch, nowS);
  return Object.keys(merged.state).length === 0 ? null : merged;
};

const merge = ({ state, metadata }: Section, patch: JsonObject, nowS: number): Section => {
  const nextState = new Map(Object.entries(state));
  const nextMetadata = new Map(Object.entries(metadata));
  for (const [key, value] of Object.entries(patch)) {
    const next = mergeValue(member(state, key), member(metadata, key), value, nowS);
    if (next === null) {
      nextState.delete(key);
      nextMetadata.delete(key);
    } else {
      nextState.set(key, next.state);
      nextMetadata.set(key, next.metadata);
    }
  }
  // fromEntries makes own members of all keys, `__proto__` too.
  return { state: Object.fromEntries(nextState), metadata: Object.fromEntries(nextMetadata) };
};

type Stamped = Readonly<{ state: Json; metadata: Json }>;

const mergeValue = (
  state: Json | undefined,
  metadata: Json | undefined,
  value: Json,
  nowS: number,
): Stamped | null => {
  if (value === null) return null;
  if (!isJsonObject(value)) return { state: value, metadata: stamp(value, nowS) };
  if (isJsonObject(state) && isJsonObject(metadata)) return merge({ state, metadata }, value, nowS);
  const fresh = merge(EMPTY, value, nowS);
  const nothingButNulls = Object.keys(fresh.state).length === 0 && Object.keys(value).length > 0;
  return nothingButNulls ? null : fresh;
};

/** A value's form with the time in place of every leaf. */
export const stamp = (value: Json, nowS: number): Json => {
  if (isJsonArray(value)) return value.map((item) => stamp(item, nowS));
  if (!isJsonObject(value)) return { timestamp: nowS };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stamp(item, nowS)]));
};
