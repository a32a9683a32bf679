/** One thing that was measured, with the most or the least it may be where there is a target. */
export type Figure = Readonly<{
  what: string;
  value: number;
  unit: string;
  atMost?: number;
  atLeast?: number;
}>;

/** A bench by the name it is asked for; it yields each figure, or a line of text in its place, as soon as it is there. */
export type Bench = Readonly<{
  name: string;
  summary: string;
  /** The command fails where a target of it is not met; other benches are for people. */
  isGate?: boolean;
  run: (size: BenchSize) => AsyncGenerator<Figure | string>;
}>;

/** How large a bench is that can be had in several sizes. */
export type BenchSize = Readonly<{ rows: number; seconds: number; days: number }>;

/** Whether the target is met, where there is one. */
export const isMet = ({ value, atMost, atLeast }: Figure): boolean =>
  value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);

/** Three digits that matter. */
const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** A figure as a line of the table: what, how much, the target and whether it is met. */
export const figureLine = (figure: Figure): string => {
  const { what, value, unit, atMost, atLeast } = figure;
  const verdict = isMet(figure) ? 'met' : 'NOT MET';
  const measured = `${short(value).padStart(8)} ${unit.padEnd(12)}`;
  if (atLeast !== undefined) return `  ${what.padEnd(58)}${measured}at least ${atLeast}: ${verdict}`;
  if (atMost === undefined) return `  ${what.padEnd(58)}${measured}`.trimEnd();
  return `  ${what.padEnd(58)}${measured}at most ${atMost}: ${verdict}`;
};
