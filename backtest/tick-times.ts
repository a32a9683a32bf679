/** How often the alarm is swept, ms of the recording's own time. */
const TICK_MS = 60_000;
/** In a gap of more than a week ticks are thinned out to so many. */
const MAX_TICKS = 10_080;

/** The sweeps that are due before what was received at `nextMs`, given the last one; times in ms. */
export function* ticksBefore(lastTickMs: number, nextMs: number): Generator<number, void> {
  const stepMs = Math.max(TICK_MS, Math.ceil((nextMs - lastTickMs) / MAX_TICKS));
  for (let tickMs = lastTickMs + stepMs; tickMs <= nextMs; tickMs += stepMs) yield tickMs;
}
