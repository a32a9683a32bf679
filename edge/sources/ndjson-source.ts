import { readNdjsonLine } from './ndjson-line.ts';
import type { OnSourceEvent, SourceSample } from './source.ts';

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
