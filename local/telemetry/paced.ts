import { setTimeout as delay } from 'node:timers/promises';

/** Does a step of longer work, and leaves the rest of the process its own before it resolves. */
export type Pace = <T>(step: () => T | Promise<T>) => Promise<T>;

/** So long work goes on before it rests, ms. */
const WORK_MS = 5;
/** While it rests, the share of a processor that this process takes from which on it works at something else. */
const BUSY = 0.3;
const BUSY_RESTS = 10;

/** Does steps one after the other and rests in between: as long as they took, and ten times as long where others work. */
export const paced = (): Pace => {
  let isBusy = true;
  let workedMs = 0;
  return async (step) => {
    const startMs = performance.now();
    const result = await step();
    const restsMs = performance.now();
    workedMs += restsMs - startMs;
    if (workedMs < WORK_MS) return result;
    const before = process.cpuUsage();
    await delay(workedMs * (isBusy ? BUSY_RESTS : 1));
    workedMs = 0;
    const { user, system } = process.cpuUsage(before);
    isBusy = (user + system) / 1000 > BUSY * (performance.now() - restsMs);
    return result;
  };
};

/** Without a rest: nobody else is there. */
export const unpaced: Pace = async (step) => await step();
