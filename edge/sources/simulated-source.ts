import type { Line } from '../simulator/line.ts';
import type { SourceSample } from './source.ts';

/** Every second of a simulated line from `fromMs` on, without end: one batch a second, a sample of each cylinder in it. */
export function* simulatedSource(line: Line, fromMs: number): Generator<readonly SourceSample[], never> {
  for (let t = fromMs; ; t += 1000) {
    yield line
      .at(t)
      .map(({ cylinder, values, label }) => ({ cylinder, t, values, label: label.fault !== null }));
  }
}
