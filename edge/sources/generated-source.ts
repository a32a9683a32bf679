import { createLine } from '../simulator/line.ts';
import type { NamedSource } from './merge-sources.ts';
import { randomSource } from './random-source.ts';
import { simulatedSource } from './simulated-source.ts';

export type GeneratedSourceOptions = Readonly<{
  kind: 'simulated' | 'random';
  cylinders: number;
  seed: number;
}>;

/** A line that is made up, from the next whole second after `nowMs` (since the epoch) on. */
export const generatedSource = (
  { kind, cylinders, seed }: GeneratedSourceOptions,
  nowMs: number,
): NamedSource => {
  const fromMs = Math.ceil(nowMs / 1000) * 1000;
  const line = createLine({ cylinders, seed, startMs: fromMs });
  const source =
    kind === 'random' ? randomSource({ cylinders: line.names, seed, fromMs }) : simulatedSource(line, fromMs);
  return { name: kind, source };
};
