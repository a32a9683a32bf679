import { isFields } from '../fields.ts';
import { byteFault, bytesAdvice, textAdvice, textOf, windowsTextOf } from './body-text.ts';
import { readLineProtocol } from './line-protocol.ts';
import type { RejectionReason } from './rejection.ts';

/** The most that AWS IoT carries in one message, bytes. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const MAX_BODY_BYTES = 128 * 1024;

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
  const values = lines.length < 2 ? [] : lines.flatMap(parsed);
  return values.some(isFields) ? values : readLineProtocol(text);
};

/** A value, or what is in it where it is JSON that was written as a text once more. */
const opened = (value: unknown): unknown => {
  const inside = typeof value === 'string' ? parseLoosely(value) : value;
  return typeof inside === 'object' && inside !== null ? inside : value;
};

const isPlain = (name: string): boolean => /^[ -~]*$/.test(name);

/** Decodes bytes to a JSON value, or names what is wrong with them. */
export const decodeBody = (
  body: Uint8Array,
): Readonly<{ value: unknown }> | Readonly<{ reason: RejectionReason; detail: string }> => {
  if (body.length > MAX_BODY_BYTES) {
    return { reason: 'too-large', detail: `${body.length} bytes, the most is ${MAX_BODY_BYTES}` };
  }
  const text = textOf(body);
  if (text === undefined) {
    const value = parsed(windowsTextOf(body));
    // Units such as °C may be of Windows; in names, and in our own form, which is UTF-8, a byte was lost on the way.
    if (isFields(value) && value.v !== 1 && Object.keys(value).every(isPlain)) return { value };
    const detail = `the bytes are not UTF-8 text: ${byteFault(body)}${bytesAdvice(body)}`;
    return { reason: 'not-utf8', detail };
  }
  try {
    return { value: opened(JSON.parse(text)) };
  } catch (cause) {
    const value = parseLoosely(text);
    if (value !== undefined) return { value: opened(value) };
    const fault = cause instanceof Error ? cause.message : String(cause);
    return { reason: 'not-json', detail: `${fault}${textAdvice(text, fault)}` };
  }
};
