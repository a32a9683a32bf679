import type { Invoke } from './invoke.ts';
import type { Reading } from './reading.ts';
import type { Item, Source } from './source.ts';

export type PutBackParts = Readonly<{
  invoke: Invoke;
  say: (line: string) => void;
  /** Ends the work after the items at hand. */
  signal: AbortSignal;
  /** How many items are put back at the same time. */
  atOnce: number;
  dryRun: boolean;
  /** How many items are looked at, at most. */
  limit: number;
}>;

/** What became of all items that were looked at; `left` counts them by reason. */
export type Tally = Readonly<{ putBack: number; left: ReadonlyMap<string, number>; stopped: boolean }>;

const attempt = async (invoke: Invoke, reading: Reading): Promise<string | null> => {
  if (reading.kind === 'unknown') return reading.why;
  for (const call of reading.calls) {
    const failure = await invoke(call);
    if (failure !== null) return failure;
  }
  return null;
};

/**
 * Puts back what the sources hold, a few at a time: each is taken away only when all its calls succeeded, so that a
 * stop at any time loses nothing and a repetition does no harm. Rejects when a service fails or access is denied.
 */
export const putBack = async (sources: readonly Source[], parts: PutBackParts): Promise<Tally> => {
  const { invoke, say, signal, atOnce, dryRun, limit } = parts;
  const left = new Map<string, number>();
  let putBackCount = 0;
  let looked = 0;

  const treat = async ({ name, reading, remove }: Item): Promise<void> => {
    const what = reading.kind === 'calls' ? `${name}: ${reading.what}` : name;
    const why = dryRun ? (reading.kind === 'unknown' ? reading.why : null) : await attempt(invoke, reading);
    if (why !== null) {
      left.set(why, (left.get(why) ?? 0) + 1);
      say(`${dryRun ? 'would stay' : 'left'}: ${what}: ${why}`);
      return;
    }
    if (!dryRun) await remove();
    putBackCount += 1;
    say(`${dryRun ? 'would be put back' : 'put back'}: ${what}`);
  };

  const failures: unknown[] = [];
  const isOver = (): boolean => signal.aborted || failures.length > 0 || looked >= limit;

  const work = async (items: AsyncIterator<Item>): Promise<void> => {
    try {
      while (!isOver()) {
        const next = await items.next();
        // Others may have taken the last that is allowed while this one was waited for.
        if (next.done === true || isOver()) return;
        looked += 1;
        await treat(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };

  for (const source of sources) {
    if (isOver()) break;
    const items = source.items()[Symbol.asyncIterator]();
    await Promise.all(Array.from({ length: atOnce }, () => work(items)));
    await source.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return { putBack: putBackCount, left, stopped: signal.aborted };
};
