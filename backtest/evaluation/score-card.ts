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

/** The least that has to be detected: so many episodes, or a share 0…1 of all. */
export type MinDetected =
  | Readonly<{ kind: 'count'; count: number }>
  | Readonly<{ kind: 'share'; share: number }>;

/** What a score card must hold for a change of policy to pass. */
export type Gates = Readonly<{ maxFalsePerHour: number | null; minDetected: MinDetected | null }>;

/** Reads a count (`17`) or a share (`0.9`, `1.0`, `90%`); null where it is neither. */
export const readMinDetected = (text: string): MinDetected | null => {
  if (/^\d+$/.test(text)) return { kind: 'count', count: Number(text) };
  const percent = /^(\d+(?:\.\d+)?)\s?%$/.exec(text)?.[1];
  const share =
    percent === undefined ? (/^\d*\.\d+$/.test(text) ? Number(text) : Number.NaN) : Number(percent) / 100;
  return share >= 0 && share <= 1 ? { kind: 'share', share } : null;
};

/** Rounded to so many decimals, so that a rate just above its limit does not read as the limit. */
const roundedUp = (value: number): string => (Math.ceil(value * 100) / 100).toFixed(2);

/** The gates that a score card does not pass, each as a line that says what was measured and what was asked. */
export const failedGates = (card: ScoreCard, { maxFalsePerHour, minDetected }: Gates): readonly string[] => {
  const failed: string[] = [];
  const { falsePerHour, falseAlarms, detected, episodes } = card;
  if (maxFalsePerHour !== null && falsePerHour !== null && falsePerHour > maxFalsePerHour) {
    failed.push(
      `--max-false-per-hour ${maxFalsePerHour} not met: ${roundedUp(falsePerHour)} an hour (${falseAlarms} false alarms)`,
    );
  }
  if (minDetected?.kind === 'count' && detected < minDetected.count) {
    failed.push(`--min-detected ${minDetected.count} not met: ${detected} of ${episodes} episodes detected`);
  }
  // Counted up from the share: 0.9 of 10 must be 9, whatever 0.9 is in binary.
  if (minDetected?.kind === 'share' && detected < Math.ceil(minDetected.share * episodes - 1e-9)) {
    const asked = `${Number((minDetected.share * 100).toFixed(4))}%`;
    failed.push(`--min-detected ${asked} not met: ${detected} of ${episodes} episodes detected`);
  }
  return failed;
};
