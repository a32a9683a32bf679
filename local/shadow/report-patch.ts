import { isJsonObject, type Json, type JsonObject, member, sameJson } from './json.ts';

/** The least patch that makes one state say what the other says, null meaning nothing; null where it does already. */
export const patchTowards = (current: JsonObject, wanted: JsonObject): JsonObject | null =>
  difference(current, withoutNulls(wanted));

const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isJsonObject(value) ? withoutNulls(value) : value]),
  );

const difference = (current: JsonObject, wanted: JsonObject): JsonObject | null => {
  const changes: [string, Json][] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const change = changeTowards(member(current, key), value);
    if (change !== null) changes.push([key, change]);
  }
  for (const key of Object.keys(current)) {
    if (!Object.hasOwn(wanted, key)) changes.push([key, null]);
  }
  return changes.length === 0 ? null : Object.fromEntries(changes);
};

const changeTowards = (current: Json | undefined, wanted: Json): Json => {
  if (isJsonObject(current) && isJsonObject(wanted)) return difference(current, wanted);
  return sameJson(current, wanted) ? null : wanted;
};
