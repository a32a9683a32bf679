import { boundedLines } from './bounded-lines.ts';
import { readNdjsonLine } from './ndjson-line.ts';
import type { SourceSample } from './source.ts';
import type { OnSourceEvent } from './source-event.ts';

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

/** Samples from line-delimited JSON, one batch for each chunk; reads no further than it is asked to. Bad lines are told and skipped. */
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
