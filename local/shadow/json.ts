export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isJsonArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A member of an object itself, never of its prototype. */
export const member = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Reads JSON text; throws SyntaxError. */
export const parseJson = (text: string): Json => JSON.parse(text);

/** The bytes of a value as compact UTF-8 JSON. */
export const jsonBytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** Whether two values are the same JSON, whatever the order of their members. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    );
  }
  if (isJsonArray(a) && isJsonArray(b)) {
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  return a === b;
};
