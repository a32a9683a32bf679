import { FAULT_KINDS, type Fault } from './fault.ts';
import { between, uniformAt } from './noise.ts';

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
