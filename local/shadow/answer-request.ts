import {
  deleteAccepted,
  getAccepted,
  rejectedAnswer,
  updateAccepted,
  updateDelta,
  updateDocuments,
} from './answers.ts';
import { type JsonObject, jsonBytes } from './json.ts';
import {
  noShadow,
  REJECTIONS,
  type Read,
  type Rejection,
  readRequest,
  readUpdateRequest,
  type ShadowKey,
  type ShadowRequest,
  type ShadowTopic,
  shadowTopicPrefix,
  type UpdateRequest,
} from './read-request.ts';
import {
  mergeSection,
  type ShadowDocument,
  type ShadowStore,
  type StoredShadow,
  stamp,
} from './shadow-store.ts';

/** A message about a shadow, to be published. */
export type ShadowMessage = Readonly<{ topic: string; payload: JsonObject }>;

type UpdateResult =
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

/** What somebody wants of a thing: the desired values that an update named, and the times and version it gave them. */
export type DesiredChange = ShadowKey &
  Readonly<{ desired: JsonObject | null; version: number; metadata: JsonObject; timestamp: number }>;

/**
 * What somebody may do to the shadows of things: to write `desired` is to command, `reported` is written by the pipeline
 * alone; `isTooMany` where it has asked for more changes than it may by now.
 */
export type ShadowAccess = Readonly<{ mayCommand: boolean; mayReport: boolean; isTooMany: boolean }>;

/** What is to be published, and what is to be done about it; `failure` is what the store could not do. */
export type Answer = Readonly<{
  messages: readonly ShadowMessage[];
  change?: DesiredChange;
  failure?: unknown;
}>;

/** Does what a request on a shadow topic asks, in one go, at `nowS` (seconds since the epoch). */
export const answerRequest = (
  store: ShadowStore,
  target: ShadowTopic,
  body: Uint8Array,
  nowS: number,
  access: ShadowAccess,
): Answer => {
  const read: Read<ShadowRequest> = readRequest(body);
  if (target.rejection !== null) return reject(target, target.rejection, undefined, nowS);
  if (read.kind === 'rejected') return reject(target, read.rejection, read.clientToken, nowS);
  try {
    return ANSWERS[target.operation](store, target, read.request, nowS, access);
  } catch (failure) {
    return { ...reject(target, REJECTIONS.internal, read.request.clientToken, nowS), failure };
  }
};

type Operate = (
  store: ShadowStore,
  target: ShadowTopic,
  request: ShadowRequest,
  nowS: number,
  access: ShadowAccess,
) => Answer;

const get: Operate = (store, target, { clientToken }, nowS) => {
  const stored = store.read(target.key);
  if (stored?.kind !== 'present') return reject(target, missing(target.key), clientToken, nowS);
  return accept(target, getAccepted(stored.document, { nowS, clientToken }));
};

const remove: Operate = (store, target, { clientToken }, nowS, access) => {
  if (access.isTooMany) return reject(target, REJECTIONS.tooMany, clientToken, nowS);
  if (!access.mayCommand) return reject(target, REJECTIONS.mayNotCommand, clientToken, nowS);
  const stored = store.read(target.key);
  if (stored?.kind !== 'present') return reject(target, missing(target.key), clientToken, nowS);
  const { version, reported } = stored.document;
  if (reported !== null && !access.mayReport)
    return reject(target, REJECTIONS.reportedIsOurs, clientToken, nowS);
  store.write(target.key, { kind: 'deleted', version });
  return accept(target, deleteAccepted(version, { nowS, clientToken }));
};

/** Why an update may not be made by who asks for it, if so. */
const refusalOf = ({ patch }: UpdateRequest, access: ShadowAccess): Rejection | null => {
  if (patch.reported !== undefined && !access.mayReport) return REJECTIONS.reportedIsOurs;
  return patch.desired !== undefined && !access.mayCommand ? REJECTIONS.mayNotCommand : null;
};

const roomFor = (store: ShadowStore, key: ShadowKey): Rejection | null =>
  store.mayBegin === undefined || store.read(key) !== null || store.mayBegin(key.thing)
    ? null
    : REJECTIONS.tooManyShadows;

const update: Operate = (store, target, request, nowS, access) => {
  const { clientToken } = request;
  if (access.isTooMany) return reject(target, REJECTIONS.tooMany, clientToken, nowS);
  const read = readUpdateRequest(request);
  if (read.kind === 'rejected') return reject(target, read.rejection, clientToken, nowS);
  const refusal = refusalOf(read.request, access) ?? roomFor(store, target.key);
  if (refusal !== null) return reject(target, refusal, clientToken, nowS);
  const result = updateShadow(store, target.key, read.request, nowS);
  if (result.kind === 'rejected') return reject(target, result.rejection, clientToken, nowS);
  const { desired } = read.request.patch;
  if (desired === undefined) return { messages: result.messages };
  const metadata = desired === null ? {} : stampObject(desired, nowS);
  const change = { ...target.key, desired, version: result.version, metadata, timestamp: nowS };
  return { messages: result.messages, change };
};

const ANSWERS: Readonly<Record<ShadowTopic['operation'], Operate>> = { get, update, delete: remove };

const stampObject = (object: JsonObject, nowS: number): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, stamp(value, nowS)]));

const missing = ({ thing, shadowName }: ShadowKey): Rejection => noShadow(shadowName ?? thing);

const accept = ({ prefix, operation }: ShadowTopic, payload: JsonObject): Answer => ({
  messages: [{ topic: `${prefix}/${operation}/accepted`, payload }],
});

const reject = (
  { prefix, operation }: ShadowTopic,
  rejection: Rejection,
  clientToken: string | undefined,
  nowS: number,
): Answer => ({
  messages: [
    { topic: `${prefix}/${operation}/rejected`, payload: rejectedAnswer(rejection, { nowS, clientToken }) },
  ],
});
