import { isFields } from '../fields.ts';
import { byteFault, bytesAdvice, textAdvice, textOf, windowsTextOf } from './body-text.ts';
import { readLineProtocol } from './line-protocol.ts';
import type { RejectionReason } from './rejection.ts';

/** The most that AWS IoT carries in one message, bytes. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const MAX_BODY_BYTES = 128 * 1024;

// A text as it is, to the end of the body where it has none, or what Python, C and its libraries write for a number that is none, or a number that JSON has not.
const TEXT_OR_NO_NUMBER =
  /"(?:[^"\\]|\\[\s\S])*(?:"|$)|[-+]?\b(?:nan\(\w*\)|(?:nan|inf(?:inity)?|ovf|undefined)\b)|-?1\.#(?:ind|qnan|snan|inf)\d*/gi;
const OTHER_NUMBER =
  /"(?:[^"\\]|\\[\s\S])*(?:"|$)|([:[,]\s*)([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)(?=\s*[,\]}])/gi;
/** What serial lines and sequences of JSON (RFC 7464) put around a message. */
const FRAMING = ['\0', '\x02', '\x03', '\x1e'] as const;

/** A text of JSON with the ends of lines and tabs in it, and with the backslashes that stand for themselves, as JSON wants them. */
const sound = (token: string): string =>
  token
    .replaceAll(/[\n\r\t]/g, (mark) => JSON.stringify(mark).slice(1, -1))
    .replaceAll(/\\(["\\/bfnrt]|u[0-9a-f]{4})|\\/gi, (whole, known) =>
      known === undefined ? '\\\\' : whole,
    );

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The value of text that is nearly JSON, or undefined: with NaN or Infinity, which become null, with numbers such as `.5`
 * or `+1`, with ends of lines in texts, with the marks of a serial line around it, or with a value in each line, which
 * becomes a list; of a line that cannot be read the value is undefined.
 */
export const parseLoosely = (text: string): unknown => {
  const whole = FRAMING.reduce((before, mark) => before.replaceAll(mark, ''), text)
    .replaceAll(TEXT_OR_NO_NUMBER, (token) => (token.startsWith('"') ? sound(token) : 'null'))
    .replaceAll(OTHER_NUMBER, (token, before, number) =>
      number === undefined ? token : `${before}${Number(number)}`,
    );
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
