import type { Source, SourceSample } from './source.ts';

/** A source as if its first sample were of `startMs`: all times are moved by as much. */
export async function* retimedSource(
  source: Source,
  startMs: number,
): AsyncGenerator<readonly SourceSample[], void> {
  let shiftMs: number | null = null;
  for await (const batch of source) {
    const [first] = batch;
    if (first === undefined) continue;
    const byMs: number = shiftMs ?? startMs - first.t;
    shiftMs = byMs;
    yield batch.map((sample) => ({ ...sample, t: sample.t + byMs }));
  }
}
