/** Which byte, from 1, is the first that no UTF-8 text has there. */
export const byteFault = (body: Uint8Array): string => {
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

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of bytes in UTF-8, or in UTF-16, which has a byte order mark or zeros beside the Latin letters with which a
 * message begins; undefined where they are neither.
 */
export const textOf = (body: Uint8Array): string | undefined => {
  const [first, second] = body;
  const isLittle = (first === 0xff && second === 0xfe) || (second === 0 && first !== 0 && body[3] === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && body[2] === 0);
  try {
    if (body.length >= 4 && (isLittle || isBig))
      return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(body);
    return utf8.decode(body);
  } catch {
    return undefined;
  }
};

/** The text of bytes if they are of Western Europe's Windows, in which every byte is a character. */
export const windowsTextOf = (body: Uint8Array): string => new TextDecoder('windows-1252').decode(body);

const COMPRESSED: readonly (readonly [name: string, beginning: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zlib', [0x78, 0x9c]],
  ['zlib', [0x78, 0xda]],
  ['zlib', [0x78, 0x01]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a ZIP archive', [0x50, 0x4b, 3, 4]],
];

const isBetween = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && value >= least && value <= most;

/** What bytes look like that are no text, and what would help, as the end of a sentence; empty where nothing is known. */
export const bytesAdvice = (body: Uint8Array): string => {
  const packed = COMPRESSED.find(([, marks]) => marks.every((mark, at) => body[at] === mark));
  if (packed !== undefined) return `; it begins as ${packed[0]}: let the device send it uncompressed`;
  const [first, second] = body;
  // A map, or a list of maps, whose first key is a text. RFC 8949, section 3; the specification of MessagePack, "Formats"
  const isCbor = (at: number) =>
    (isBetween(body[at], 0xa1, 0xb7) || body[at] === 0xbf) && isBetween(body[at + 1], 0x61, 0x78);
  const isPack = (at: number) =>
    (isBetween(body[at], 0x81, 0x8f) && isBetween(body[at + 1], 0xa1, 0xbf)) || body[at] === 0xde;
  if (isPack(0) || (isBetween(first, 0x91, 0x9f) && isPack(1)))
    return '; it begins as MessagePack or CBOR: let the device send JSON';
  if (isCbor(0) || (isBetween(first, 0x81, 0x9f) && isCbor(1)) || (first === 0xd9 && second === 0xd9))
    return '; it begins as CBOR: let the device send JSON';
  return body.some((byte) => byte < 9)
    ? '; if it is a binary form such as protobuf or raw registers, decode it at the gateway and send JSON'
    : '';
};

const TEXTS: readonly (readonly [form: RegExp, advice: string])[] = [
  [/^\s*</, 'it begins as XML: let the device send JSON'],
  [
    /^\s*\{\s*'|:\s*(?:True|False|None)\b/,
    'it looks like a Python object that was printed: send json.dumps(…)',
  ],
  [/^\s*\{\s*[A-Za-z_]\w*\s*:/, 'its names have no quotes: JSON wants {"t": …}'],
  [
    /^(?:eyJ|eyA|eyI|W3s)[A-Za-z0-9+/_=-]+\s*$/,
    'it looks like JSON in Base64: let the device send the JSON itself',
  ],
  [
    /^(?:[0-9a-fA-F]{2}[ :-]?){8,}\s*$/,
    'it looks like bytes in hexadecimal: decode them at the gateway and send JSON',
  ],
  [
    /^[-+]?\d+(?:[.,]\d+)?\s*\D{0,12}$/,
    'it is one value by itself: let what belongs to one sample be sent in one message',
  ],
  [/^\[object \w+\]/, 'it is an object that was joined to a text: send JSON.stringify(…)'],
  [
    /^\s*[[{][\s\S]*[\]}]\s*[[{][\s\S]*$/,
    'it is several values one behind the other: send each by itself, or each on a line',
  ],
  [/,\s*[\]}]/, 'it has a comma before its end'],
  [
    /:\s*-?\d+,\d+\s*[,}]/,
    'it has decimal commas, which JSON knows in texts alone: let the device write a point',
  ],
  [
    /^# (?:HELP|TYPE) /,
    'it is a page of metrics of Prometheus: let a collector such as Telegraf send them as JSON',
  ],
  [/^\s*[a-z_][\w .-]*:\s*\S+\s*(?:\n|$)/i, 'it is names and values in lines: let the device send JSON'],
  [
    /^\s*[a-z]+\s*$/i,
    'it is a word, as states of devices are: let the mapping name the topics of samples alone, as topics',
  ],
  [/^[^\s={[]+=[^&;,]+([&;,][^\s=]+=[^&;,]*)+$/, 'it is a list of name=value: let the device send JSON'],
  [/^(?:[^{["\d]|\d(?![;,\t]))*\d[;,\t][^{["]*$/, 'it looks like a row of a table: let the device send JSON'],
];

/** What a text looks like that is no JSON, and what would help, as the end of a sentence. */
export const textAdvice = (text: string, fault: string): string => {
  const known = TEXTS.find(([form]) => form.test(text));
  if (known !== undefined) return `; ${known[1]}`;
  const isCut = /end of JSON input|Unterminated/i.test(fault) && /^\s*[[{]/.test(text);
  return isCut ? '; it ends too early: a buffer of the device may be too small' : '';
};
