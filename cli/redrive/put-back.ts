import type { Kept, KeptItem } from '../../aws/kept.ts';
import type { Invoke } from '../../aws/lambda/invoke.ts';
import type { Reading } from './reading.ts';

/** Where things are kept that failed, and how one of them is read. */
export type Source = Readonly<{ kept: Kept; read: (item: KeptItem) => Reading }>;

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

  const treat = async ({ name, remove }: KeptItem, reading: Reading): Promise<void> => {
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

  const work = async (items: AsyncIterator<KeptItem>, read: Source['read']): Promise<void> => {
    try {
      while (!isOver()) {
        const next = await items.next();
        // Others may have taken the last that is allowed while this one was waited for.
        if (next.done === true || isOver()) return;
        looked += 1;
        await treat(next.value, read(next.value));
      }
    } catch (error) {
      failures.push(error);
    }
  };

  for (const { kept, read } of sources) {
    if (isOver()) break;
    const items = kept.items()[Symbol.asyncIterator]();
    await Promise.all(Array.from({ length: atOnce }, () => work(items, read)));
    await kept.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return { putBack: putBackCount, left, stopped: signal.aborted };
};

const MAX_REASONS = 5;

const reasonsText = (left: Tally['left']): string => {
  const byCount = [...left].sort(([, a], [, b]) => b - a);
  const told = byCount.slice(0, MAX_REASONS).map(([why, count]) => `${count} ${why}`);
  const others = byCount.slice(MAX_REASONS).reduce((sum, [, count]) => sum + count, 0);
  return [...told, ...(others === 0 ? [] : [`${others} for other reasons`])].join('; ');
};

/** What became of all that was looked at, as `3 put back, 2 left (2 still not understood)`. */
export const summary = ({ putBack, left, stopped }: Tally, dryRun: boolean): string => {
  const leftCount = [...left.values()].reduce((sum, count) => sum + count, 0);
  const counts = dryRun
    ? `${putBack} would be put back, ${leftCount} would stay`
    : `${putBack} put back, ${leftCount} left`;
  const reasons = leftCount === 0 ? '' : ` (${reasonsText(left)})`;
  return `${counts}${reasons}${stopped ? '; stopped, the rest is where it was' : ''}`;
};
