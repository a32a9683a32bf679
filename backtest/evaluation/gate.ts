import type { ScoreCard } from './score-card.ts';

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
