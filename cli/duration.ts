const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads 500ms, 65s, 30m, 2h, 1.5d or 0 as whole milliseconds; null where it is no duration, or one past all dates. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const ms = Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN));
  return ms <= 8.64e15 ? ms : null;
}
