import type { TwinReport } from '../../domain/twin/build-twin.ts';
import { answeredCommands } from '../../domain/twin/desired.ts';
import type { Twins } from '../../usecases/ports/twins.ts';

type Kept = Readonly<{ twin: TwinReport; version: number }>;

type Fields = Readonly<Record<string, unknown>>;

/** Twins that keep their port's contract in memory. */
export const memoryTwins = (): Twins &
  Readonly<{ kept: ReadonlyMap<string, Kept>; desired: Map<string, Fields> }> => {
  const kept = new Map<string, Kept>();
  const desired = new Map<string, Fields>();
  return {
    kept,
    desired,
    report(cylinder, twin, version) {
      const before = kept.get(cylinder);
      if (before === undefined || before.version <= version) {
        kept.set(cylinder, { twin, version });
        const asked = desired.get(cylinder) ?? {};
        const answered: readonly string[] = answeredCommands(twin, asked, {});
        const left = Object.entries(asked).filter(([name]) => !answered.includes(name));
        desired.set(cylinder, Object.fromEntries(left));
      }
      return Promise.resolve();
    },
  };
};
