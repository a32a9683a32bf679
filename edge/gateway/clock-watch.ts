/** By how much the wall clock has jumped since the last look, ms, forth (positive) or back; null when it has not. */
export type ClockWatch = () => number | null;

/**
 * Compares a clock that can be set with one that cannot, both in ms. What is less than `toleranceMs` is the gentle
 * pull of time synchronisation; a machine that slept is a jump forth.
 */
export const createClockWatch = (
  clocks: Readonly<{ wall: () => number; monotonic: () => number }>,
  toleranceMs: number,
): ClockWatch => {
  const apart = () => clocks.wall() - clocks.monotonic();
  let known = apart();
  return () => {
    const now = apart();
    const jumpMs = Math.round(now - known);
    known = now;
    return Math.abs(jumpMs) < toleranceMs ? null : jumpMs;
  };
};
