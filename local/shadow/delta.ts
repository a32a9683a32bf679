import { isJsonObject, type Json, type JsonObject, member, sameJson } from './json.ts';
import type { Section, ShadowDocument } from './shadow-document.ts';

/**
 * What is desired and not reported so, with the times of the desired values; null where there is no difference.
 * What is only reported does not count. Arrays differ as a whole.
 */
export const deltaOf = ({
  desired,
  reported,
}: Pick<ShadowDocument, 'desired' | 'reported'>): Section | null =>
  desired === null ? null : difference(desired, reported?.state ?? {});

const difference = ({ state, metadata }: Section, reported: JsonObject): Section | null => {
  const entries = Object.entries(state).flatMap(([key, value]) => {
    const differs = valueDifference(value, member(metadata, key) ?? null, member(reported, key));
    return differs === null ? [] : [{ key, ...differs }];
  });
  if (entries.length === 0) return null;
  return {
    state: Object.fromEntries(entries.map((entry) => [entry.key, entry.state])),
    metadata: Object.fromEntries(entries.map((entry) => [entry.key, entry.metadata])),
  };
};

type Difference = Readonly<{ state: Json; metadata: Json }>;

const valueDifference = (state: Json, metadata: Json, reported: Json | undefined): Difference | null => {
  if (isJsonObject(state) && isJsonObject(metadata) && isJsonObject(reported)) {
    return difference({ state, metadata }, reported);
  }
  return sameJson(state, reported) ? null : { state, metadata };
};
