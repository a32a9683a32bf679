import type { Backtest } from './backtest.ts';
import { letterOf } from './names.ts';
import type { TextColumn } from './text-table.ts';

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));

/** How many notices of each type each policy told, over all recordings. */
export const noticeTable = ({
  policies,
  recordings,
}: Backtest): { columns: readonly TextColumn[]; rows: readonly string[][] } => {
  const compares = policies.length > 1;
  const types = new Set(
    recordings.flatMap(({ results }) => results.flatMap(({ notices }) => Object.keys(notices))),
  );
  const countOf = (type: string, policy: number): number =>
    recordings.reduce((sum, { results }) => sum + (results[policy]?.notices[type] ?? 0), 0);
  const rows = [...types].sort().map((type) => {
    const counts = policies.map((_, index) => countOf(type, index));
    const [first = 0, second = 0] = counts;
    return [type, ...counts.map(String), ...(compares ? [signed(second - first)] : [])];
  });
  const columns = [
    { title: 'type' },
    ...policies.map((_, index) => ({ title: compares ? letterOf(index) : 'told', right: true })),
    ...(compares ? [{ title: 'B − A', right: true }] : []),
  ];
  return { columns, rows };
};
