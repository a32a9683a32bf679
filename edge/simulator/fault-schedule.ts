import { between, uniformAt } from './healthy-cylinder.ts';

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

/** The faults of one cylinder: the last one that had begun by `tMs`, present or already over. */
export type FaultSchedule = Readonly<{ lastBegun(cylinder: number, tMs: number): Fault | null }>;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** What a gateway that was cut off has in its queue when the line is shown: the line's first quarter of an hour. */
export const QUEUED_MS = 15 * MINUTE_MS;
const REST_MS = 6 * MINUTE_MS;

/** A schedule of given faults; of those of one cylinder, none may overlap another. */
export const givenFaults = (faults: readonly Fault[]): FaultSchedule => {
  const byBegin = [...faults].sort((a, b) => a.beginMs - b.beginMs);
  return { lastBegun: (cylinder, tMs) => lastBegunOf(byBegin, cylinder, tMs) };
};

/**
 * Faults for ever, by the seed. The first is a bearing that wears fast from 75 s after `startMs` and is replaced 90 s after
 * the quarter of an hour that the gateway has queued; from then on one begins every 5 to 14 minutes and stays 4 to 25.
 */
export const endlessFaults = (line: { cylinders: number; seed: number; startMs: number }): FaultSchedule => {
  const drawn: Fault[] = [firstFault(line)];
  let nextMs = line.startMs + QUEUED_MS + between(5, 9, line.seed, 201) * MINUTE_MS;

  function drawUntil(tMs: number): void {
    while (nextMs <= tMs) {
      const index = drawn.length;
      const fault = draw(
        line.seed,
        index,
        Math.floor(uniformAt(line.seed, index, 202) * line.cylinders),
        nextMs,
      );
      const previous = lastBegunOf(drawn, fault.cylinder, nextMs);
      if (previous === null || previous.endMs + REST_MS <= nextMs) drawn.push(fault);
      nextMs += between(5, 14, line.seed, Math.round(nextMs / MINUTE_MS), 203) * MINUTE_MS;
    }
  }

  return {
    lastBegun(cylinder, tMs) {
      drawUntil(tMs);
      return lastBegunOf(drawn, cylinder, tMs);
    },
  };
};

const firstFault = (line: { cylinders: number; seed: number; startMs: number }): Fault => ({
  cylinder: Math.floor(uniformAt(line.seed, 204) * line.cylinders),
  kind: 'bearing-wear',
  beginMs: line.startMs + 75 * SECOND_MS,
  growMs: 110 * SECOND_MS,
  endMs: line.startMs + QUEUED_MS + 90 * SECOND_MS,
});

const draw = (seed: number, index: number, cylinder: number, beginMs: number): Fault => {
  const lengthMs = between(4, 25, seed, index, 205) * MINUTE_MS;
  return {
    cylinder,
    kind: FAULT_KINDS[Math.floor(uniformAt(seed, index, 206) * FAULT_KINDS.length)] ?? 'bearing-wear',
    beginMs,
    growMs: lengthMs * between(0.2, 0.6, seed, index, 207),
    endMs: beginMs + lengthMs,
  };
};

const lastBegunOf = (byBegin: readonly Fault[], cylinder: number, tMs: number): Fault | null =>
  byBegin.findLast((fault) => fault.cylinder === cylinder && fault.beginMs <= tMs) ?? null;
