import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { SENSORS } from '../../domain/message/sample.ts';
import type { Baseline } from '../model/deviation.ts';
import type { Log } from './log.ts';

/** The baselines of a gateway's cylinders, by how many samples each was learned from. */
export type BaselineStore = Readonly<{
  of(samples: number): ReadonlyMap<string, Baseline>;
  /** Keeps one that has been learned; it stands until somebody takes it out of the file. */
  keep(samples: number, cylinder: string, baseline: Baseline): void;
}>;

const FILE = v.object({
  v: v.literal(1),
  /** By the number of samples, then by cylinder, in the order of SENSORS. */
  baselines: v.record(
    v.string(),
    v.record(v.string(), v.pipe(v.array(v.nullable(v.number())), v.length(SENSORS.length))),
  ),
});

/** Baselines that last as long as the process does. */
export const createBaselines = (
  known: v.InferOutput<typeof FILE>['baselines'] = {},
  onKept: (baselines: v.InferOutput<typeof FILE>['baselines']) => void = () => undefined,
): BaselineStore => {
  const all = new Map(
    Object.entries(known).map(([samples, its]) => [
      Number(samples),
      new Map<string, Baseline>(Object.entries(its)),
    ]),
  );
  return {
    of: (samples) => all.get(samples) ?? new Map(),
    keep: (samples, cylinder, baseline) => {
      const its = all.get(samples) ?? new Map<string, Baseline>();
      all.set(samples, its.set(cylinder, baseline));
      onKept(
        Object.fromEntries(
          [...all].map(([of, each]) => [
            String(of),
            Object.fromEntries([...each].map(([name, means]) => [name, [...means]])),
          ]),
        ),
      );
    },
  };
};

const readFile = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { v: 1, baselines: {} };
    return null;
  }
};

/**
 * Opens the baselines in a file, which a start of the gateway takes up: learned anew after a fault had begun, they would
 * call the fault sound. One that cannot be read is put aside, with a word in the log.
 */
export const openBaselines = (path: string, log: Log): BaselineStore => {
  const tell = (message: string) => log({ level: 'error', event: 'baseline', message });
  const parsed = v.safeParse(FILE, readFile(path));
  if (!parsed.success) {
    tell(`${path} holds no baselines; it is kept as ${path}.damaged, and every cylinder learns its own anew`);
    renameSync(path, `${path}.damaged`);
  }
  return createBaselines(parsed.success ? parsed.output.baselines : {}, (baselines) => {
    try {
      writeFileSync(`${path}.new`, `${JSON.stringify({ v: 1, baselines }, null, 1)}\n`);
      renameSync(`${path}.new`, path);
    } catch (error) {
      tell(`${path} cannot be written: ${error}; what was learned is lost with the next start`);
    }
  });
};
