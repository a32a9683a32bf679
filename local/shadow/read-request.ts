import { isJsonObject, type Json, type JsonObject, member, parseJson } from './json.ts';
import { REJECTIONS, type Rejection } from './rejection.ts';

/** The fields that every request may carry. */
export type ShadowRequest = Readonly<{ fields: JsonObject; clientToken: string | undefined }>;

/** A request that was read, or why it could not be; `clientToken` is there as soon as it is known. */
export type Read<Request> =
  | Readonly<{ kind: 'read'; request: Request }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection; clientToken: string | undefined }>;

const CLIENT_TOKEN_BYTES_AT_MOST = 64;
/** AWS IoT takes no longer message: https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
const REQUEST_BYTES_AT_MOST = 128 * 1024;

/** Reads the body of a request on a shadow topic: nothing at all, or a JSON object. */
export const readRequest = (body: Uint8Array): Read<ShadowRequest> => {
  if (body.length === 0) return { kind: 'read', request: { fields: {}, clientToken: undefined } };
  if (body.length > REQUEST_BYTES_AT_MOST) return rejected(REJECTIONS.tooLarge);
  const text = readText(body);
  if (text === null) return rejected(REJECTIONS.notUtf8);
  const fields = readJson(text);
  if (!isJsonObject(fields)) return rejected(REJECTIONS.invalidJson);
  const clientToken = member(fields, 'clientToken');
  if (clientToken === undefined) return { kind: 'read', request: { fields, clientToken } };
  if (typeof clientToken !== 'string' || Buffer.byteLength(clientToken) > CLIENT_TOKEN_BYTES_AT_MOST) {
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
