import { QUEUED_MS } from '../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { randomSource, simulatedSource } from '../../edge/sources/generated-source.ts';
import type { Source, SourceSample } from '../../edge/sources/source.ts';
import type { RunFacts } from './data-folder.ts';

export type LineChoice = Readonly<{ kind: 'simulated' | 'random'; cylinders: number; seed: number }>;

/** The time of the last sample of each cylinder that earlier runs stored, ms. */
export type LastSeen = ReadonlyMap<string, number>;

const SECOND_MS = 1000;

/** Leaves out what earlier runs have stored. */
function* after(
  lastSeen: LastSeen,
  source: Iterable<readonly SourceSample[]>,
): Generator<readonly SourceSample[], void> {
  for (const batch of source) {
    yield batch.filter(({ cylinder, t }) => t > (lastSeen.get(cylinder) ?? Number.NEGATIVE_INFINITY));
  }
}

/**
 * The simulated line as its gateway sends it: its scenario begins a quarter of an hour before the first run on this data
 * folder, which is what the gateway has in its queue then; a later run goes on with each cylinder where the last one
 * ended, with a queue of at most a quarter of an hour.
 */
export const lineScenario = (
  { kind, cylinders, seed }: LineChoice,
  runFacts: RunFacts,
  nowMs: number,
  lastSeen: LastSeen,
): Source => {
  const wholeNowMs = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
  const startMs = runFacts.number('line-start', wholeNowMs - QUEUED_MS);
  const line = createLine({ cylinders, seed, startMs });
  const nextMs = line.names.map((name) => (lastSeen.get(name) ?? startMs - SECOND_MS) + SECOND_MS);
  const fromMs = Math.max(wholeNowMs - QUEUED_MS, Math.min(...nextMs));
  const source =
    kind === 'random' ? randomSource({ cylinders: line.names, seed, fromMs }) : simulatedSource(line, fromMs);
  return after(lastSeen, source);
};
