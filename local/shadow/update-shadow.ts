import { updateAccepted, updateDelta, updateDocuments } from './answers.ts';
import { type JsonObject, jsonBytes } from './json.ts';
import {
  REJECTIONS,
  type Rejection,
  type ShadowKey,
  shadowTopicPrefix,
  type UpdateRequest,
} from './read-request.ts';
import { mergeSection, type ShadowDocument, type ShadowStore, type StoredShadow } from './shadow-store.ts';

/** A message about a shadow, to be published. */
export type ShadowMessage = Readonly<{ topic: string; payload: JsonObject }>;

export type UpdateResult =
  | Readonly<{ kind: 'accepted'; version: number; messages: readonly ShadowMessage[] }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

/** Stores an update and says what is to be published of it. */
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

type UpdateOutcome =
  | Readonly<{ kind: 'accepted'; document: ShadowDocument }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

/** Metadata does not count: https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
const MAX_STATE_BYTES = 8 * 1024;

/**
 * The document after an update at `nowS` (seconds since the epoch). A request that names a version is accepted only
 * if it is the document's.
 */
const applyUpdate = (
  document: ShadowDocument,
  { patch, version }: Pick<UpdateRequest, 'patch' | 'version'>,
  nowS: number,
): UpdateOutcome => {
  if (version !== undefined && version !== document.version) {
    return { kind: 'rejected', rejection: REJECTIONS.versionConflict };
  }
  const { desired, reported } = patch;
  const updated: ShadowDocument = {
    desired: desired === undefined ? document.desired : mergeSection(document.desired, desired, nowS),
    reported: reported === undefined ? document.reported : mergeSection(document.reported, reported, nowS),
    version: document.version + 1,
  };
  return stateBytes(updated) > MAX_STATE_BYTES
    ? { kind: 'rejected', rejection: REJECTIONS.tooLarge }
    : { kind: 'accepted', document: updated };
};

const stateBytes = ({ desired, reported }: ShadowDocument): number =>
  (desired === null ? 0 : jsonBytes(desired.state)) + (reported === null ? 0 : jsonBytes(reported.state));
