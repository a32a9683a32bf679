import { updateAccepted, updateDelta, updateDocuments } from './answers.ts';
import { applyUpdate } from './apply-update.ts';
import type { JsonObject } from './json.ts';
import type { Rejection } from './rejection.ts';
import type { ShadowDocument } from './shadow-document.ts';
import type { ShadowStore, StoredShadow } from './shadow-store.ts';
import { type ShadowKey, shadowTopicPrefix } from './shadow-topic.ts';
import type { UpdateRequest } from './update-request.ts';

/** A message about a shadow, to be published. */
export type ShadowMessage = Readonly<{ topic: string; payload: JsonObject }>;

export type UpdateResult =
  | Readonly<{ kind: 'accepted'; version: number; messages: readonly ShadowMessage[] }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

/** Stores an update and says what is to be told of it. */
export const updateShadow = (
  store: ShadowStore,
  key: ShadowKey,
  request: UpdateRequest,
  nowS: number,
): UpdateResult => {
  const previous = documentOf(store.read(key));
  const outcome = applyUpdate(previous, request, nowS);
  if (outcome.kind === 'rejected') return outcome;
  const { document } = outcome;
  store.write(key, { kind: 'present', document });

  const context = { nowS, clientToken: request.clientToken };
  const prefix = shadowTopicPrefix(key);
  const delta = updateDelta(document, context);
  return {
    kind: 'accepted',
    version: document.version,
    messages: [
      {
        topic: `${prefix}/update/accepted`,
        payload: updateAccepted(request.patch, document.version, context),
      },
      ...(delta === null ? [] : [{ topic: `${prefix}/update/delta`, payload: delta }]),
      { topic: `${prefix}/update/documents`, payload: updateDocuments(previous, document, context) },
    ],
  };
};

/** A shadow that is not there is empty, and a deleted one goes on with its version. */
const documentOf = (stored: StoredShadow | null): ShadowDocument => {
  if (stored?.kind === 'present') return stored.document;
  return { desired: null, reported: null, version: stored?.version ?? 0 };
};
