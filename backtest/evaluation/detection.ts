import type { Episode } from './episode.ts';

/** An alarm to be held against the truth: active from `raisedMs` to `endedMs` (null: still open), ms. */
export type Alarm = Readonly<{ id: string; cylinder: string; raisedMs: number; endedMs: number | null }>;

export type Detection = Readonly<{
  episode: Episode;
  /** The first true alarm that was active in the episode, or null where it was missed. */
  alarm: Alarm | null;
  /** From the episode's begin to the raise, ms; 0 where the alarm was still up from an episode before. */
  delayMs: number | null;
  /** It was missed while an alarm raised for nothing was up: nobody was notified again. */
  wasUp: boolean;
}>;

export type Evaluation = Readonly<{
  detections: readonly Detection[];
  /** Alarms that were raised outside every episode. */
  falseAlarms: readonly Alarm[];
}>;

/**
 * Holds alarms against episodes. An alarm raised within an episode or up to `graceMs` after its end belongs to it: the
 * window still looks back on it. An alarm raised in sound time detects nothing, even if it is up when a fault begins:
 * otherwise an alarm that never ends would be the best of all.
 */
export const evaluate = (
  episodes: readonly Episode[],
  alarms: readonly Alarm[],
  graceMs: number,
): Evaluation => {
  const isRaisedIn = (alarm: Alarm, { cylinder, beginMs, endMs }: Episode): boolean =>
    cylinder === alarm.cylinder && alarm.raisedMs >= beginMs && alarm.raisedMs <= endMs + graceMs;
  const isUpIn = (alarm: Alarm, { cylinder, beginMs, endMs }: Episode): boolean =>
    cylinder === alarm.cylinder &&
    alarm.raisedMs <= endMs + graceMs &&
    (alarm.endedMs === null || alarm.endedMs >= beginMs);

  const sorted = alarms.toSorted((a, b) => a.raisedMs - b.raisedMs);
  const isTrue = (alarm: Alarm): boolean => episodes.some((episode) => isRaisedIn(alarm, episode));
  const trueAlarms = sorted.filter(isTrue);
  const falseAlarms = sorted.filter((alarm) => !isTrue(alarm));
  const detections = episodes.map((episode): Detection => {
    const alarm = trueAlarms.find((other) => isUpIn(other, episode)) ?? null;
    return {
      episode,
      alarm,
      delayMs: alarm === null ? null : Math.max(0, alarm.raisedMs - episode.beginMs),
      wasUp: alarm === null && falseAlarms.some((other) => isUpIn(other, episode)),
    };
  });
  return { detections, falseAlarms };
};

/** The middle of some numbers, or null of none. */
export const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
};
