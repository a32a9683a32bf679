import { isJsonObject, type Json, type JsonObject, member, sameJson } from './json.ts';
import type { Patch, Rejection } from './read-request.ts';
import { type Section, type ShadowDocument, stamp } from './shadow-store.ts';

/** When and to which request an answer is given; a request without a token gets none back. */
type Context = Readonly<{ nowS: number; clientToken: string | undefined }>;

/** What a shadow says to one who asks. */
export type ShadowView = Readonly<{
  state: JsonObject;
  metadata: JsonObject;
  version: number;
  timestamp: number;
}>;

const present = <T>(name: string, value: T | null | undefined): Record<string, T> =>
  value === null || value === undefined ? {} : { [name]: value };

const tokenOf = ({ clientToken }: Context) => present('clientToken', clientToken);

const stateOf = ({ desired, reported }: ShadowDocument): JsonObject => ({
  ...present('desired', desired?.state),
  ...present('reported', reported?.state),
});

const metadataOf = ({ desired, reported }: ShadowDocument): JsonObject => ({
  ...present('desired', desired?.metadata),
  ...present('reported', reported?.metadata),
});

/** The whole shadow, with what is desired and not yet reported as `delta`. */
export const viewOf = (document: ShadowDocument, nowS: number): ShadowView => ({
  state: { ...stateOf(document), ...present('delta', deltaOf(document)?.state) },
  metadata: metadataOf(document),
  version: document.version,
  timestamp: nowS,
});

export const getAccepted = (document: ShadowDocument, context: Context): JsonObject => ({
  ...viewOf(document, context.nowS),
  ...tokenOf(context),
});

/** What the update named, as it named it. */
export const updateAccepted = (patch: Patch, version: number, context: Context): JsonObject => ({
  state: { ...patch },
  metadata: stampSections(patch, context.nowS),
  version,
  timestamp: context.nowS,
  ...tokenOf(context),
});

const stampSections = ({ desired, reported }: Patch, nowS: number): Record<string, Json> => ({
  ...(desired !== undefined && { desired: stamp(desired, nowS) }),
  ...(reported !== undefined && { reported: stamp(reported, nowS) }),
});

/** Null where the device already is as desired. */
export const updateDelta = (document: ShadowDocument, context: Context): JsonObject | null => {
  const delta = deltaOf(document);
  if (delta === null) return null;
  return {
    version: document.version,
    timestamp: context.nowS,
    state: delta.state,
    metadata: delta.metadata,
    ...tokenOf(context),
  };
};

export const updateDocuments = (
  previous: ShadowDocument,
  current: ShadowDocument,
  context: Context,
): JsonObject => ({
  previous: snapshotOf(previous),
  current: snapshotOf(current),
  timestamp: context.nowS,
  ...tokenOf(context),
});

const snapshotOf = (document: ShadowDocument): JsonObject => ({
  state: stateOf(document),
  metadata: metadataOf(document),
  version: document.version,
});

export const deleteAccepted = (version: number, context: Context): JsonObject => ({
  version,
  timestamp: context.nowS,
  ...tokenOf(context),
});

export const rejectedAnswer = ({ code, message }: Rejection, context: Context): JsonObject => ({
  code,
  message,
  timestamp: context.nowS,
  ...tokenOf(context),
});

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
