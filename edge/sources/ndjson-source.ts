import { isFields, parseJson } from '../../domain/fields.ts';
import { eventTime, eventTimeFault, TIME_FIELDS } from '../../domain/message/read-time.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import type { OnSourceEvent, SourceSample } from './source.ts';

export type LineReading =
  | Readonly<{ ok: true; sample: SourceSample }>
  | Readonly<{ ok: false; message: string }>;

const MAX_QUOTED = 60;

/**
 * Reads `{"cylinder": "cyl-07", "t": 1763800000123, "rVibration_Temp": 48.2, …}`: a sensor that is absent or null did
 * not answer; without a time it is `nowMs`. Fields it does not know are ignored.
 */
export const readNdjsonLine = (text: string, nowMs: number): LineReading => {
  const fields = parse(text);
  if (fields === null) return refuse(`${quoted(text)} is not a JSON object`);
  const { cylinder } = fields;
  if (!isName(cylinder)) {
    return refuse('cylinder must be a name of letters, digits, colon, underscore and hyphen (at most 128)');
  }
  const isTimed = TIME_FIELDS.some((name) => fields[name] !== undefined);
  const t = isTimed ? eventTime(fields) : nowMs;
  if (t === null) {
    return refuse(eventTimeFault(fields));
  }
  if (SENSORS.every((sensor) => fields[sensor] === undefined)) {
    return refuse(`none of the sensors is in it: ${SENSORS.join(', ')}`);
  }
  const values: (number | null)[] = [];
  for (const sensor of SENSORS) {
    const value = fields[sensor] ?? null;
    if (value !== null && typeof value !== 'number') {
      return refuse(`${sensor} must be a number, or be left out; it is ${quoted(JSON.stringify(value))}`);
    }
    if (value !== null && !Number.isFinite(value)) return refuse(`${sensor} is too large a number`);
    values.push(value);
  }
  return { ok: true, sample: { cylinder, t, values, label: null } };
};

const parse = (text: string): Readonly<Record<string, unknown>> | null => {
  const value = parseJson(text);
  return isFields(value) ? value : null;
};

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

const refuse = (message: string): LineReading => ({ ok: false, message });

/** A line without its end, or one that was too long to be kept. */
export type BoundedLine = Readonly<{ number: number; text: string | null }>;

/**
 * The lines of a stream of bytes (UTF-8, ended by LF or CR LF), as many at a time as a chunk brings. Of a line longer
 * than `maxBytes` nothing is kept. A last line without an end counts too.
 */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<readonly BoundedLine[], void> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let number = 0;

  function keep(part: Uint8Array): void {
    restBytes += part.length;
    if (restBytes > maxBytes) rest = [];
    else if (part.length > 0) rest.push(part);
  }

  function finish(): BoundedLine {
    const text = restBytes > maxBytes ? null : Buffer.concat(rest).toString().replace(/\r$/, '');
    rest = [];
    restBytes = 0;
    number += 1;
    return { number, text };
  }

  for await (const chunk of chunks) {
    const lines: BoundedLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, end));
      lines.push(finish());
      from = end + 1;
    }
    // A copy: what is left of a chunk must not keep all of it in memory.
    keep(chunk.slice(from));
    if (lines.length > 0) yield lines;
  }
  if (restBytes > 0) yield [finish()];
}

export type NdjsonParts = Readonly<{
  /** What the source is called when something is wrong with it. */
  name: string;
  chunks: AsyncIterable<Uint8Array>;
  /** ms since the epoch: the time of lines that have none. */
  now: () => number;
  onEvent: OnSourceEvent;
}>;

/** Far more than any sample, far less than would matter. */
const MAX_LINE_BYTES = 16_384;

/** Samples from line-delimited JSON, one batch for each chunk; reads no further than it is asked to. Bad lines are reported and skipped. */
export async function* ndjsonSource(parts: NdjsonParts): AsyncGenerator<readonly SourceSample[], void> {
  const { name, chunks, now, onEvent } = parts;
  for await (const lines of boundedLines(chunks, MAX_LINE_BYTES)) {
    const samples: SourceSample[] = [];
    for (const { number, text } of lines) {
      if (text?.trim() === '') continue;
      const reading =
        text === null
          ? { ok: false as const, message: `it is longer than ${MAX_LINE_BYTES} bytes` }
          : readNdjsonLine(text, now());
      if (reading.ok) samples.push(reading.sample);
      else onEvent({ kind: 'bad-line', source: name, message: `line ${number}: ${reading.message}` });
    }
    if (samples.length > 0) yield samples;
  }
}
