/**
 * The last `size` slots up to and including `end`, as bits at `slot mod size`: which of them counted and which were
 * abnormal, with both sums kept, so that a step costs the same for any size.
 */
export type SlotWindow = Readonly<{
  size: number;
  /** The newest slot in the window; null while it is empty. */
  end: number | null;
  counted: readonly number[];
  abnormal: readonly number[];
  countedSlots: number;
  abnormalSlots: number;
}>;

type Bits = number[];

export type MutableWindow = {
  size: number;
  end: number | null;
  counted: Bits;
  abnormal: Bits;
  countedSlots: number;
  abnormalSlots: number;
};

const WORD_BITS = 32;

const zeros = (size: number): Bits => new Array<number>(Math.ceil(size / WORD_BITS)).fill(0);

const isSet = (bits: Bits, at: number): boolean => (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;

const set = (bits: Bits, at: number): void => {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
};

const clear = (bits: Bits, at: number): void => {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) & ~(1 << (at & 31));
};

export const emptyWindow = (size: number): MutableWindow => ({
  size,
  end: null,
  counted: zeros(size),
  abnormal: zeros(size),
  countedSlots: 0,
  abnormalSlots: 0,
});

export const copyWindow = (window: SlotWindow): MutableWindow => ({
  size: window.size,
  end: window.end,
  counted: window.counted.slice(),
  abnormal: window.abnormal.slice(),
  countedSlots: window.countedSlots,
  abnormalSlots: window.abnormalSlots,
});

const forget = (window: MutableWindow, at: number): void => {
  if (!isSet(window.counted, at)) return;
  clear(window.counted, at);
  window.countedSlots -= 1;
  if (!isSet(window.abnormal, at)) return;
  clear(window.abnormal, at);
  window.abnormalSlots -= 1;
};

/** Empties the window and leaves its end where it is. */
export const emptyOut = (window: MutableWindow): void => {
  window.counted.fill(0);
  window.abnormal.fill(0);
  window.countedSlots = 0;
  window.abnormalSlots = 0;
};

/** Moves the window on so that it ends with `slot`, which has not counted yet. */
export const advance = (window: MutableWindow, slot: number): void => {
  const { end, size } = window;
  window.end = slot;
  if (end === null || window.countedSlots === 0) return;
  if (slot - end >= size) {
    emptyOut(window);
    return;
  }
  for (let k = end + 1; k <= slot; k += 1) forget(window, k % size);
};

/** Counts the slot that the window ends with. */
export const count = (window: MutableWindow, abnormal: boolean): void => {
  if (window.end === null) return;
  const at = window.end % window.size;
  set(window.counted, at);
  window.countedSlots += 1;
  if (!abnormal) return;
  set(window.abnormal, at);
  window.abnormalSlots += 1;
};

/** The first abnormal slot in the window, or null where there is none. */
export const firstAbnormal = (window: MutableWindow): number | null => {
  if (window.end === null) return null;
  for (let k = window.end - window.size + 1; k <= window.end; k += 1) {
    if (k >= 0 && isSet(window.abnormal, k % window.size)) return k;
  }
  return null;
};

/** The last abnormal slot in the window, or null where there is none. */
export const lastAbnormal = (window: MutableWindow): number | null => {
  if (window.end === null) return null;
  for (let k = window.end; k > window.end - window.size && k >= 0; k -= 1) {
    if (isSet(window.abnormal, k % window.size)) return k;
  }
  return null;
};

/** The same slots under another size: what a narrower window drops does not come back in a wider one. */
export const resize = (window: MutableWindow, size: number): MutableWindow => {
  const resized = emptyWindow(size);
  resized.end = window.end;
  if (window.end === null) return resized;
  for (let k = window.end - Math.min(size, window.size) + 1; k <= window.end; k += 1) {
    if (k < 0 || !isSet(window.counted, k % window.size)) continue;
    set(resized.counted, k % size);
    resized.countedSlots += 1;
    if (!isSet(window.abnormal, k % window.size)) continue;
    set(resized.abnormal, k % size);
    resized.abnormalSlots += 1;
  }
  return resized;
};
