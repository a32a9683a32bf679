export const FAULT_KINDS = ['bearing-wear', 'seal-leak', 'overload', 'loose-mount', 'stuck-encoder'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault of one cylinder: it grows evenly to its full strength in `growMs` and is gone when the part is replaced at `endMs`. */
export type Fault = Readonly<{
  /** Position of the cylinder in the line, from 0. */
  cylinder: number;
  kind: FaultKind;
  /** Times in ms since the epoch. */
  beginMs: number;
  growMs: number;
  endMs: number;
}>;

/** Whether the fault is there at `tMs`: from `beginMs` to just before `endMs`. */
export const isPresent = (fault: Fault, tMs: number): boolean => tMs >= fault.beginMs && tMs < fault.endMs;

/** How far the fault has grown, 0…1; 0 before it began and after the part was replaced. */
export const severityAt = (fault: Fault, tMs: number): number =>
  isPresent(fault, tMs) ? Math.min(1, (tMs - fault.beginMs) / fault.growMs) : 0;

const METAL_LAG_MS = 60_000;

/** The share 0…1 of a full-grown fault's heat that has reached the sensor: severity through a first-order lag of a minute. */
export const heatAt = (fault: Fault, tMs: number): number => {
  if (!isPresent(fault, tMs)) return 0;
  const sinceBegin = tMs - fault.beginMs;
  return (laggedRampMs(sinceBegin) - laggedRampMs(sinceBegin - fault.growMs)) / fault.growMs;
};

const laggedRampMs = (elapsedMs: number): number =>
  elapsedMs <= 0 ? 0 : elapsedMs - METAL_LAG_MS * (1 - Math.exp(-elapsedMs / METAL_LAG_MS));
