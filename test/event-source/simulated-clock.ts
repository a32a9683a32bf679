/** A clock that stands until it is moved; ms since the epoch. */
export type SimulatedClock = Readonly<{ now(): number; advance(ms: number): void; reach(ms: number): void }>;

/** `onChange` is told the new time: whoever reads the clock otherwise has to be told. */
export const simulatedClock = (
  start: number,
  onChange: (now: number) => void = () => undefined,
): SimulatedClock => {
  let now = start;
  const set = (ms: number): void => {
    now = ms;
    onChange(now);
  };
  set(start);
  return { now: () => now, advance: (ms) => set(now + ms), reach: (ms) => set(Math.max(now, ms)) };
};
