import { isFields } from '../fields.ts';
import type { RejectionReason } from './rejection.ts';

/** The most that AWS IoT carries in one message, bytes. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const MAX_BODY_BYTES = 128 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Which byte, from 1, is the first that no UTF-8 text has there. */
const byteFault = (body: Uint8Array): string => {
  const isBroken = (length: number): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, length), { stream: true });
      return false;
    } catch {
      return true;
    }
  };
  let [sound, broken] = [0, body.length];
  if (!isBroken(broken)) return 'its last character is cut off';
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (isBroken(middle)) broken = middle;
    else sound = middle;
  }
  const code = (body[broken - 1] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return `0x${code} as byte ${broken}`;
};

// A text as it is, or what Python and C write for a number that is none.
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\[\s\S])*"|[-+]?\b(?:nan|inf(?:inity)?)\b/gi;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The value of text that is nearly JSON, or undefined: with NaN or Infinity, which become null, with NUL behind it, or
 * with a value in each line, which becomes a list; of a line that cannot be read the value is undefined.
 */
export const parseLoosely = (text: string): unknown => {
  const whole = text
    .replace(/\0+\s*$/, '')
    .replaceAll(TEXT_OR_NO_NUMBER, (token) => (token.startsWith('"') ? token : 'null'));
  const value = parsed(whole);
  if (value !== undefined) return value;
  const lines = whole.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  const values = lines.map(parsed);
  return values.some(isFields) ? values : undefined;
};

/** Decodes bytes to a JSON value, or names what is wrong with them. */
export const decodeBody = (
  body: Uint8Array,
): Readonly<{ value: unknown }> | Readonly<{ reason: RejectionReason; detail: string }> => {
  if (body.length > MAX_BODY_BYTES) {
    return { reason: 'too-large', detail: `${body.length} bytes, the most is ${MAX_BODY_BYTES}` };
  }
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { reason: 'not-utf8', detail: `the bytes are not UTF-8 text: ${byteFault(body)}` };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    const value = parseLoosely(text);
    if (value !== undefined) return { value };
    return { reason: 'not-json', detail: cause instanceof Error ? cause.message : String(cause) };
  }
};
