import { median } from '../../domain/median.ts';
import type { Alarm, Detection } from './detection.ts';

/** What a score is made of. */
type Scored = Readonly<{
  detections: readonly Detection[];
  falseAlarms: readonly Alarm[];
  /** Time labelled as sound in which an alarm would have been false, ms. */
  soundMs: number;
}>;

/** Alarms held against the labels of a recording. */
export type Judgement = Scored & Readonly<{ trueAlarms: readonly Alarm[] }>;

/** How good an alarm was where labels say what was true. Durations in ms, a delay below 0 where the alarm was early; null where there is nothing to divide. */
export type ScoreCard = Readonly<{
  episodes: number;
  detected: number;
  missed: number;
  medianDelayMs: number | null;
  worstDelayMs: number | null;
  falseAlarms: number;
  soundMs: number;
  falsePerHour: number | null;
}>;

const HOUR_MS = 3_600_000;

/** Sums up any number of recordings: delays are those of all episodes together, not means of means. */
export const scoreCard = (judgements: readonly Scored[]): ScoreCard => {
  const detections = judgements.flatMap((judgement) => judgement.detections);
  const delays = detections.flatMap(({ delayMs }) => delayMs ?? []);
  const falseAlarms = judgements.reduce((sum, judgement) => sum + judgement.falseAlarms.length, 0);
  const soundMs = judgements.reduce((sum, judgement) => sum + judgement.soundMs, 0);
  return {
    episodes: detections.length,
    detected: delays.length,
    missed: detections.length - delays.length,
    medianDelayMs: median(delays),
    worstDelayMs: delays.length === 0 ? null : Math.max(...delays),
    falseAlarms,
    soundMs,
    falsePerHour: soundMs === 0 ? null : falseAlarms / (soundMs / HOUR_MS),
  };
};
