import type { TextColumn } from '../../local/console/text-table.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Backtest } from '../backtest.ts';
import type { Detection } from '../evaluation/detection.ts';
import { letterOf } from './policy-text.ts';

const foundText = ({ delayMs, wasUp }: Detection): string => {
  if (delayMs !== null && delayMs < 0) return `${durationText(-delayMs)} early`;
  if (delayMs !== null) return `after ${durationText(delayMs)}`;
  return wasUp ? 'missed (a false alarm was up)' : 'missed';
};

/** How the delay of the second policy compares with that of the first. */
export const delayChange = (firstMs: number | null, secondMs: number | null): string => {
  if (firstMs === secondMs) return 'same';
  if (firstMs === null) return 'only B';
  if (secondMs === null) return 'only A';
  const byMs = secondMs - firstMs;
  return byMs < 0 ? `B ${durationText(-byMs)} earlier` : `B ${durationText(byMs)} later`;
};

/** The labelled episodes with what each policy made of them. */
export const episodeTable = (
  backtest: Backtest,
): { columns: readonly TextColumn[]; rows: readonly string[][] } => {
  const { policies, recordings } = backtest;
  const compares = policies.length > 1;
  const columns = [
    { title: 'recording' },
    { title: 'cylinder' },
    { title: 'from' },
    { title: 'to' },
    ...policies.map((_, index) => ({ title: compares ? letterOf(index) : 'detected' })),
    ...(compares ? [{ title: 'difference' }] : []),
  ];
  const rows = recordings.flatMap(({ name, results }) => {
    const [first, second] = results;
    return (first?.judgement.detections ?? []).map((detection, index) => {
      const { cylinder, beginMs, endMs } = detection.episode;
      const other = second?.judgement.detections[index];
      return [
        name,
        cylinder,
        utcText(beginMs),
        utcText(endMs),
        foundText(detection),
        ...(other === undefined ? [] : [foundText(other), delayChange(detection.delayMs, other.delayMs)]),
      ];
    });
  });
  return { columns, rows };
};
