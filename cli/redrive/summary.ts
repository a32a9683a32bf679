import type { Tally } from './put-back.ts';

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
