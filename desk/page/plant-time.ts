import { timeText } from '../../notification/time-text.ts';

const MINUTE_MS = 60_000;

/** How far the plant's clock is from UTC at a time, ms. */
const offsetAt = (ms: number, timeZone: string): number => {
  const second = Math.floor(ms / 1000) * 1000;
  return Date.parse(`${timeText(second, { timeZone }).replace(' ', 'T')}Z`) - second;
};

/** When the plant's clock shows a local time as `2026-11-23T06:00`, ms since the epoch. */
export const plantTime = (local: string, timeZone: string): number => {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  const guess = asUtc - offsetAt(asUtc, timeZone);
  // The offset may be another one there, where a clock is changed between the two.
  return asUtc - offsetAt(guess, timeZone);
};

/** A time as the plant's clock shows it, in the form of a field for date and time. */
export const plantLocal = (ms: number, timeZone: string): string =>
  timeText(ms, { timeZone }).slice(0, 16).replace(' ', 'T');

/** When a day as `2026-11-23` begins at the plant. */
export const dayStart = (day: string, timeZone: string): number => plantTime(`${day}T00:00`, timeZone);

/** The next change of shifts, ms: times of the day by the plant's clock, as `06:00`; at least ten minutes away. */
export const shiftEnd = (now: number, shifts: readonly string[], timeZone: string): number => {
  const days = [now, now + 86_400_000].map((ms) => plantLocal(ms, timeZone).slice(0, 10));
  const changes = days.flatMap((day) => shifts.map((time) => plantTime(`${day}T${time}`, timeZone)));
  const next = changes.filter((ms) => ms >= now + 10 * MINUTE_MS).toSorted((a, b) => a - b)[0];
  return next ?? now + 8 * 60 * MINUTE_MS;
};
