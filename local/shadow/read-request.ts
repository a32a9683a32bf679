import { isName } from '../../domain/message/topic.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, member, parseJson } from './json.ts';

/**
 * Why a request was refused, in the codes and words of AWS.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
 */
export type Rejection = Readonly<{ code: number; message: string }>;

export const REJECTIONS = {
  invalidJson: { code: 400, message: 'Invalid JSON' },
  stateMissing: { code: 400, message: 'Missing required node: state' },
  stateNotObject: { code: 400, message: 'State node must be an object' },
  desiredNotObject: { code: 400, message: 'Desired node must be an object' },
  reportedNotObject: { code: 400, message: 'Reported node must be an object' },
  invalidVersion: { code: 400, message: 'Invalid version' },
  invalidClientToken: { code: 400, message: 'Invalid clientToken' },
  tooDeep: { code: 400, message: 'JSON contains too many levels of nesting; maximum is 8' },
  invalidNode: { code: 400, message: 'State contains an invalid node' },
  invalidThingName: { code: 400, message: 'Invalid thing name' },
  invalidShadowName: { code: 400, message: 'Invalid shadow name' },
  reportedIsOurs: { code: 403, message: 'Forbidden: reported is written by the pipeline alone' },
  mayNotCommand: { code: 403, message: 'Forbidden: this user may not command' },
  tooManyShadows: { code: 403, message: 'Forbidden: too many shadows of things that never spoke' },
  versionConflict: { code: 409, message: 'Version conflict' },
  tooLarge: { code: 413, message: 'The payload exceeds the maximum size allowed' },
  notUtf8: { code: 415, message: 'Unsupported documented encoding; supported encoding is UTF-8' },
  tooMany: { code: 429, message: 'Too many requests' },
  internal: { code: 500, message: 'Internal service failure' },
} as const satisfies Record<string, Rejection>;

export const noShadow = (name: string): Rejection => ({
  code: 404,
  message: `No shadow exists with name: '${name}'`,
});

type Operation = 'get' | 'update' | 'delete';

/** A shadow of a thing; its classic, unnamed one where `shadowName` is null. */
export type ShadowKey = Readonly<{ thing: string; shadowName: string | null }>;

/** A request topic: where answers go, and whose shadow is meant unless a name is none. */
export type ShadowTopic = Readonly<{
  prefix: string;
  operation: Operation;
  key: ShadowKey;
  rejection: Rejection | null;
}>;

const TOPIC = /^(\$aws\/things\/([^/]+)\/shadow(?:\/name\/([^/]+))?)\/(get|update|delete)$/;
const SHADOW_NAME = /^[a-zA-Z0-9:_$-]{1,64}$/;

/** https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html */
export const shadowTopicPrefix = ({ thing, shadowName }: ShadowKey): string =>
  `$aws/things/${thing}/shadow${shadowName === null ? '' : `/name/${shadowName}`}`;

/** Reads a topic on which clients ask; null for any other, answers among them. */
export const readShadowTopic = (topic: string): ShadowTopic | null => {
  const [, prefix, thing, shadowName = null, operation] = TOPIC.exec(topic) ?? [];
  if (prefix === undefined || thing === undefined || !isOperation(operation)) return null;
  return { prefix, operation, key: { thing, shadowName }, rejection: checkNames(thing, shadowName) };
};

const isOperation = (word: string | undefined): word is Operation =>
  word === 'get' || word === 'update' || word === 'delete';

const checkNames = (thing: string, shadowName: string | null): Rejection | null => {
  if (!isName(thing)) return REJECTIONS.invalidThingName;
  return shadowName === null || SHADOW_NAME.test(shadowName) ? null : REJECTIONS.invalidShadowName;
};

/** The fields that every request may carry. */
export type ShadowRequest = Readonly<{ fields: JsonObject; clientToken: string | undefined }>;

/** A request that was read, or why it could not be; `clientToken` is there as soon as it is known. */
export type Read<Request> =
  | Readonly<{ kind: 'read'; request: Request }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection; clientToken: string | undefined }>;

const MAX_CLIENT_TOKEN_BYTES = 64;
/** AWS IoT takes no longer message: https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
const MAX_REQUEST_BYTES = 128 * 1024;

/** Reads the body of a request on a shadow topic: nothing at all, or a JSON object. */
export const readRequest = (body: Uint8Array): Read<ShadowRequest> => {
  if (body.length === 0) return { kind: 'read', request: { fields: {}, clientToken: undefined } };
  if (body.length > MAX_REQUEST_BYTES) return rejected(REJECTIONS.tooLarge);
  const text = readText(body);
  if (text === null) return rejected(REJECTIONS.notUtf8);
  const fields = readJson(text);
  if (!isJsonObject(fields)) return rejected(REJECTIONS.invalidJson);
  const clientToken = member(fields, 'clientToken');
  if (clientToken === undefined) return { kind: 'read', request: { fields, clientToken } };
  if (typeof clientToken !== 'string' || Buffer.byteLength(clientToken) > MAX_CLIENT_TOKEN_BYTES) {
    return rejected(REJECTIONS.invalidClientToken);
  }
  return { kind: 'read', request: { fields, clientToken } };
};

const rejected = (rejection: Rejection): Read<never> => ({
  kind: 'rejected',
  rejection,
  clientToken: undefined,
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

const readText = (body: Uint8Array): string | null => {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
};

const readJson = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

/** What an update may change: undefined leaves a section as it is, null empties it. */
export type Patch = Readonly<{ desired?: JsonObject | null; reported?: JsonObject | null }>;

/** An update that is well formed; `version` is the one that its sender has seen, if it said. */
export type UpdateRequest = Readonly<{
  patch: Patch;
  version: number | undefined;
  clientToken: string | undefined;
}>;

const MAX_LEVELS = 8;

/**
 * Reads an update. Fields beside `state`, `version` and `clientToken` are ignored, as AWS does.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
 */
export const readUpdateRequest = ({ fields, clientToken }: ShadowRequest): Read<UpdateRequest> => {
  const rejected = (rejection: Rejection): Read<never> => ({ kind: 'rejected', rejection, clientToken });
  const state = member(fields, 'state');
  if (state === undefined) return rejected(REJECTIONS.stateMissing);
  if (!isJsonObject(state)) return rejected(REJECTIONS.stateNotObject);
  if (Object.keys(state).some((key) => key !== 'desired' && key !== 'reported')) {
    return rejected(REJECTIONS.invalidNode);
  }
  const desired = member(state, 'desired');
  if (!isSectionPatch(desired)) return rejected(REJECTIONS.desiredNotObject);
  const reported = member(state, 'reported');
  if (!isSectionPatch(reported)) return rejected(REJECTIONS.reportedNotObject);
  const version = member(fields, 'version') ?? undefined;
  if (!isVersion(version)) return rejected(REJECTIONS.invalidVersion);

  const sections = [desired ?? null, reported ?? null];
  if (sections.some((section) => isDeeperThan(MAX_LEVELS, section))) return rejected(REJECTIONS.tooDeep);
  if (sections.some(hasNullInArray)) return rejected(REJECTIONS.invalidNode);
  const patch = { ...(desired !== undefined && { desired }), ...(reported !== undefined && { reported }) };
  return { kind: 'read', request: { patch, version, clientToken } };
};

const isSectionPatch = (value: Json | undefined): value is JsonObject | null | undefined =>
  value === undefined || value === null || isJsonObject(value);

const isVersion = (value: Json | undefined): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);

/** Whether more levels of keys lie on the way to a value; an array of plain values is itself one. */
const isDeeperThan = (levels: number, value: Json): boolean => {
  const below = isJsonArray(value)
    ? value.filter(isContainer)
    : isJsonObject(value)
      ? Object.values(value)
      : [];
  return below.length > 0 && (levels === 0 || below.some((item) => isDeeperThan(levels - 1, item)));
};

const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null;

const hasNullInArray = (value: Json): boolean => {
  if (isJsonArray(value)) return value.some((item) => item === null || hasNullInArray(item));
  return isJsonObject(value) && Object.values(value).some(hasNullInArray);
};
