import type { TwinReport } from '../../domain/twin/build-twin.ts';
import type { Twins } from '../../usecases/ports/twins.ts';

type Kept = Readonly<{ twin: TwinReport; version: number }>;

/** Twins that keep their port's contract in memory. */
export const memoryTwins = (): Twins & Readonly<{ kept: ReadonlyMap<string, Kept> }> => {
  const kept = new Map<string, Kept>();
  return {
    kept,
    report(cylinder, twin, version) {
      const before = kept.get(cylinder);
      if (before === undefined || before.version <= version) kept.set(cylinder, { twin, version });
      return Promise.resolve();
    },
  };
};
