import { type Fields, isFields, parseJson } from '../../domain/fields.ts';
import { parseLoosely } from '../../domain/message/decode-body.ts';
import { TIME_FIELDS } from '../../domain/message/event-time.ts';
import type { MappedSample, PayloadMapper } from '../../domain/message/read-message.ts';
import { readSample } from '../../domain/message/read-sample.ts';
import type { RejectionReason } from '../../domain/message/rejection.ts';
import { isName, nameFault } from '../../domain/message/topic.ts';
import type { OnSourceEvent, SourceSample } from './source.ts';

/** Why a line, or one sample of it, was not understood. */
export type LineFault = Readonly<{ reason: RejectionReason; message: string }>;

export type LineReading = Readonly<{ samples: readonly SourceSample[]; faults: readonly LineFault[] }>;

const MAX_QUOTED = 60;

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

/** Samples here have no gateway and no probability yet: both are this gateway's own. */
const UNSCORED = { gateway: '', boot: null, model: null, isReplay: false } as const;
const scorer = () => ({ probability: 0, why: null, model: '' });

const byUsualNames = (fields: Fields, nowMs: number): MappedSample => {
  const { cylinder } = fields;
  if (!isName(cylinder)) {
    const fault = cylinder === undefined ? 'it is not there' : `it ${nameFault(cylinder)}`;
    const detail = `cylinder must be a name of letters, digits, colon, underscore and hyphen (at most 128): ${fault}`;
    return { gateway: null, rejection: { reason: 'cylinder', detail, cylinder: null, t: null } };
  }
  const isTimed = TIME_FIELDS.some((name) => fields[name] !== undefined);
  return { gateway: '', cylinder, fields: isTimed ? fields : { ...fields, t: nowMs } };
};

const notJson = (text: string): LineFault => {
  const isTopic = /^[\w$][^\s{]*\s+[{[]/.test(text.trim());
  const advice = isTopic ? '; it begins with a topic: leave out -v of mosquitto_sub' : '';
  return { reason: 'not-json', message: `${quoted(text)} is not a JSON object${advice}` };
};

/**
 * Reads `{"cylinder": "cyl-07", "t": 1763800000123, "rVibration_Temp": 48.2, …}`, or a list of such: a sensor that is
 * absent, null or NaN did not answer; without a time it is `nowMs`. Fields it does not know are ignored. A mapper finds
 * all of that elsewhere.
 */
export const readNdjsonLine = (text: string, nowMs: number, mapper?: PayloadMapper): LineReading => {
  const value = parseJson(text) ?? parseLoosely(text);
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0 || !items.every(isFields)) return { samples: [], faults: [notJson(text)] };
  const origin = { gateway: 'edge', cylinder: null };
  const found =
    mapper?.({ topic: '', receivedAt: nowMs }, origin, items) ??
    items.map((fields) => byUsualNames(fields, nowMs));
  const samples: SourceSample[] = [];
  const faults: LineFault[] = [];
  for (const [index, one] of found.entries()) {
    const reading =
      'rejection' in one
        ? one
        : readSample(one.fields, { ...UNSCORED, cylinder: one.cylinder, scorer }, index);
    if ('sample' in reading) {
      const { cylinder, t, values } = reading.sample;
      samples.push({ cylinder, t, values, label: null });
    } else faults.push({ reason: reading.rejection.reason, message: reading.rejection.detail });
  }
  return { samples, faults };
};

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
  /** Finds samples in lines of another form. */
  mapper?: PayloadMapper | undefined;
}>;

/** Far more than any sample, far less than would matter. */
const MAX_LINE_BYTES = 16_384;

/** Samples from line-delimited JSON, one batch for each chunk; reads no further than it is asked to. Bad lines are reported and skipped. */
export async function* ndjsonSource(parts: NdjsonParts): AsyncGenerator<readonly SourceSample[], void> {
  const { name, chunks, now, onEvent, mapper } = parts;
  for await (const lines of boundedLines(chunks, MAX_LINE_BYTES)) {
    const samples: SourceSample[] = [];
    for (const { number, text } of lines) {
      if (text?.trim() === '') continue;
      const reading =
        text === null
          ? {
              samples: [],
              faults: [{ reason: 'too-large', message: `it is longer than ${MAX_LINE_BYTES} bytes` }],
            }
          : readNdjsonLine(text, now(), mapper);
      samples.push(...reading.samples);
      for (const { reason, message } of reading.faults)
        onEvent({ kind: 'bad-line', source: name, reason, message: `line ${number}: ${message}` });
    }
    if (samples.length > 0) yield samples;
  }
}
