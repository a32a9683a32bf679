import { type Detection, type Episode, endOf, type IncidentCourse } from './detection.ts';

/** What one policy made of a recording, as far as another is held against it. */
export type Comparable = Readonly<{
  incidents: readonly IncidentCourse[];
  detections: readonly Detection[];
  /** Notices by type. */
  notices: Readonly<Record<string, number>>;
}>;

/** One episode under two policies: the delay of each, ms, null where it was missed. */
export type DelayDifference = Readonly<{ episode: Episode; firstMs: number | null; secondMs: number | null }>;

/** One incident as each of two policies saw it. */
export type IncidentPair = Readonly<{ first: IncidentCourse; second: IncidentCourse }>;

/** How a second policy differs from a first on the same recording. */
export type Difference = Readonly<{
  /** Incidents that overlap none of the other policy's on the same cylinder. */
  onlyFirst: readonly IncidentCourse[];
  onlySecond: readonly IncidentCourse[];
  /** Incidents of both that overlap each other on the same cylinder, where they were raised or cleared at other times. */
  pairs: readonly IncidentPair[];
  /** The episodes whose delay differs. */
  delays: readonly DelayDifference[];
  /** The types of notice whose number differs. */
  notices: readonly Readonly<{ type: string; first: number; second: number }>[];
}>;

const overlaps = (a: IncidentCourse, b: IncidentCourse): boolean =>
  a.cylinder === b.cylinder &&
  a.beganMs <= (endOf(b) ?? Number.POSITIVE_INFINITY) &&
  b.beganMs <= (endOf(a) ?? Number.POSITIVE_INFINITY);

const without = (some: readonly IncidentCourse[], others: readonly IncidentCourse[]): IncidentCourse[] =>
  some.filter((incident) => !others.some((other) => overlaps(incident, other)));

/** When an incident was raised first, ms. */
export const raisedOf = ({ stretches, beganMs }: IncidentCourse): number => stretches[0]?.raisedMs ?? beganMs;

/** How long an incident was raised, all its stretches together, ms; one that is still open until `endMs`. */
export const raisedForMs = ({ stretches }: IncidentCourse, endMs: number): number =>
  stretches.reduce((sum, { raisedMs, clearedMs }) => sum + ((clearedMs ?? endMs) - raisedMs), 0);

/** Each incident with the first one of the other policy that it overlaps, once each. */
const pairsOf = (
  some: readonly IncidentCourse[],
  others: readonly IncidentCourse[],
): readonly IncidentPair[] => {
  const free = new Set(others);
  return some.flatMap((first) => {
    const second = [...free].find((other) => overlaps(first, other));
    if (second === undefined) return [];
    free.delete(second);
    return [{ first, second }];
  });
};

const isMoved = ({ first, second }: IncidentPair): boolean =>
  JSON.stringify(first.stretches) !== JSON.stringify(second.stretches);

/** Holds what two policies made of one recording against each other; the detections are of the same episodes in the same order. */
export const differenceOf = (first: Comparable, second: Comparable): Difference => {
  const types = [...new Set([...Object.keys(first.notices), ...Object.keys(second.notices)])];
  return {
    onlyFirst: without(first.incidents, second.incidents),
    onlySecond: without(second.incidents, first.incidents),
    pairs: pairsOf(first.incidents, second.incidents).filter(isMoved),
    delays: first.detections
      .map(({ episode, delayMs }, index) => ({
        episode,
        firstMs: delayMs,
        secondMs: second.detections[index]?.delayMs ?? null,
      }))
      .filter(({ firstMs, secondMs }) => firstMs !== secondMs),
    notices: types
      .map((type) => ({ type, first: first.notices[type] ?? 0, second: second.notices[type] ?? 0 }))
      .filter((count) => count.first !== count.second),
  };
};
