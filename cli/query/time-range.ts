import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../options/option-value.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { AskStore } from './print-rows.ts';

/** A time as ms, or how long before the newest sample. */
export type Time = number | Readonly<{ agoMs: number }>;

/** A date, or a date with a time (in UTC unless it says otherwise), as ms; null where it is neither. */
const dateMs = (text: string): number | null => {
  const isIso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.test(text);
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes(':') ? text : `${text}Z`;
  const ms = isIso ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

/** A time as ms: a date, or a date with a time. */
export const date = (text: string): number => {
  const ms = dateMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError('Write a time as 2026-11-20 or 2026-11-20T13:00 (UTC).');
};

/** A time as ms: a date, a date with a time, or how long ago. */
export const time = (text: string): Time => {
  const agoMs = parseDuration(text);
  if (agoMs !== null) return { agoMs };
  const ms = dateMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError(
    'Write a time as 2026-11-20, 2026-11-20T13:00 (UTC), or as how long ago: 7d, 12h.',
  );
};

export const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** Times in ms; NaN where the store holds no sample. */
export type Stored = Readonly<{ first: number; last: number }>;

export const storedSpan = async (ask: AskStore): Promise<Stored> => {
  const sql = 'SELECT epoch_ms(min(t)) AS first, epoch_ms(max(t)) AS last FROM samples';
  const [row = {}] = await Array.fromAsync(ask(sql));
  const ms = (value: unknown): number => (value === null || value === undefined ? Number.NaN : Number(value));
  return { first: ms(row.first), last: ms(row.last) };
};

/** Just after the newest sample of a store, ms; now where it holds none. */
export const newestOf = ({ last }: Stored): number => (Number.isNaN(last) ? Date.now() : last + 1);

/** From when until before when, ms: what `--from` and `--to` say, up to the newest sample and so long unless they do. */
export const rangeOf = (
  options: Readonly<{ from?: Time | undefined; to?: Time | undefined }>,
  span: Stored,
  lengthMs: number,
): Readonly<{ from: number; to: number }> => {
  const newest = newestOf(span);
  const at = (value: Time): number => (typeof value === 'number' ? value : newest - value.agoMs);
  const to = options.to === undefined ? newest : at(options.to);
  const from = options.from === undefined ? to - lengthMs : at(options.from);
  if (from >= to) throw new UsageError(`--from ${iso(from)} has to be before --to ${iso(to)}`);
  return { from, to };
};
