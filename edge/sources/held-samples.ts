/** What a device said of one value: null where it has none. `t` is by the device's own clock, ms since the epoch. */
type Change = Readonly<{ t: number; from: string; value: unknown }>;

/** What a cylinder's device had at a time, by the names of the map. */
export type Held = Readonly<{ t: number; found: Readonly<Record<string, unknown>> }>;

/**
 * Makes samples of a device that says a value only when it changes: what it has not changed holds. Changes within three
 * quarters of a period are one sample, so that a device that is a little early or late loses none; where nothing
 * changes there is a sample each period, as long as the device is known to live.
 */
export type HeldSamples = Readonly<{
  change(change: Change): void;
  /** The device's clock is at `t`, and all before has been said: gives the samples that are whole by then. */
  advance(t: number): readonly Held[];
  /** Nothing is known any more: no value, and no time. */
  forget(): void;
}>;

const TOGETHER = 0.75;
const SILENT = 1.5;

export const createHeldSamples = (periodMs: number): HeldSamples => {
  let held: Record<string, unknown> = {};
  let pending: Change[] = [];
  let first: number | null = null;
  let last: number | null = null;
  let lastT = Number.NEGATIVE_INFINITY;

  const sampleAt = (at: number): readonly Held[] => {
    const t = Math.max(at, lastT + 1);
    if (Object.values(held).every((value) => value === null)) return [];
    lastT = t;
    return [{ t, found: { ...held } }];
  };

  const takeUntil = (end: number, start: number): readonly Held[] => {
    const group = pending.filter(({ t }) => t < end);
    pending = pending.filter(({ t }) => t >= end);
    let newest = Number.NEGATIVE_INFINITY;
    for (const { t, from, value } of group) {
      held[from] = value;
      newest = Math.max(newest, t);
    }
    return sampleAt(newest > lastT ? Math.max(newest, first ?? newest) : start);
  };

  return {
    change(change) {
      pending.push(change);
    },
    advance(now) {
      const found: Held[] = [];
      pending.sort((one, other) => one.t - other.t);
      while (true) {
        const next = pending[0];
        if (last === null && next === undefined) return found;
        // At first there may be values of any age: they hold since, but nobody heard of them before.
        first ??= now - TOGETHER * periodMs;
        const soonest: number = last === null ? first : last + TOGETHER * periodMs;
        const start = next === undefined ? Number.POSITIVE_INFINITY : Math.max(next.t, soonest);
        const silentAt = last === null ? Number.POSITIVE_INFINITY : last + SILENT * periodMs;
        if (start <= silentAt) {
          const end = start + TOGETHER * periodMs;
          if (now < end) return found;
          found.push(...takeUntil(end, start));
          last = start;
        } else {
          if (now < silentAt) return found;
          last = silentAt - (SILENT - 1) * periodMs;
          found.push(...sampleAt(last));
        }
      }
    },
    forget() {
      held = {};
      pending = [];
      first = null;
      last = null;
      lastT = Number.NEGATIVE_INFINITY;
    },
  };
};
