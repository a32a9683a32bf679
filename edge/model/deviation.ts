import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';

/**
 * What a model sees in the place of the six values: by how much of its baseline each sensor, as a mean over `smooth`
 * samples, is away from that baseline, its mean over the cylinder's first `samples` samples. That is how vibration is
 * judged beside its zone limits: by its change from a reference of the same machine (ISO 20816-1, criterion II).
 */
export type BaselineSettings = Readonly<{ samples: number; smooth: number }>;

/** The mean of each sensor, in the order of SENSORS; null where it never answered. */
export type Baseline = readonly (number | null)[];

/** What a model is given of a cylinder that has no baseline yet: the six sensors as if none had answered. */
export const NOTHING_KNOWN: SensorValues = SENSORS.map(() => null);

/** The deviations of one cylinder's samples, each by what came before it; null as long as its baseline is too young. */
export type Deviations = (values: SensorValues, cylinder: string) => SensorValues | null;

type Learning = { seen: number; readonly sums: Float64Array; readonly counts: Float64Array };

type Course = { baseline: Baseline | null; learning: Learning; recent: SensorValues[] };

const meansOf = ({ sums, counts }: Learning): Baseline =>
  Array.from(sums, (sum, sensor) => (counts[sensor] === 0 ? null : sum / (counts[sensor] ?? 1)));

const addTo = (learning: Learning, values: SensorValues): void => {
  learning.seen += 1;
  for (const [sensor, value] of values.entries()) {
    if (value === null) continue;
    learning.sums[sensor] = (learning.sums[sensor] ?? 0) + value;
    learning.counts[sensor] = (learning.counts[sensor] ?? 0) + 1;
  }
};

const emptyLearning = (): Learning => ({
  seen: 0,
  sums: new Float64Array(SENSORS.length),
  counts: new Float64Array(SENSORS.length),
});

const deviation = (mean: number | null, base: number | null): number | null => {
  if (mean === null || base === null || base === 0) return null;
  const share = Math.abs(mean - base) / Math.abs(base);
  return Number.isFinite(share) ? share : null;
};

type Known = Readonly<{
  /** The baselines that were learned before, by cylinder. */
  baselines?: ReadonlyMap<string, Baseline>;
  /** Called once for each cylinder, when its baseline is whole and stands from then on. */
  onLearned?: (cylinder: string, baseline: Baseline) => void;
}>;

/**
 * Follows each cylinder's samples in their order. The baseline grows to `samples` samples and stands from then on; until
 * it has twice `smooth`, and until as many samples as are to be smoothed have come, there is nothing to compare.
 */
export const createDeviations = (
  { samples, smooth }: BaselineSettings,
  { baselines = new Map(), onLearned }: Known = {},
): Deviations => {
  const fewest = Math.min(samples, 2 * smooth);
  const courses = new Map<string, Course>();
  const courseOf = (cylinder: string): Course => {
    const known = courses.get(cylinder);
    if (known !== undefined) return known;
    const begun = { baseline: baselines.get(cylinder) ?? null, learning: emptyLearning(), recent: [] };
    courses.set(cylinder, begun);
    return begun;
  };
  const smoothed = (recent: readonly SensorValues[]): Baseline => {
    const sum = emptyLearning();
    for (const values of recent) addTo(sum, values);
    return meansOf(sum);
  };
  return (values, cylinder) => {
    const course = courseOf(cylinder);
    course.recent.push(values);
    if (course.recent.length > smooth) course.recent.shift();
    if (course.baseline === null) {
      addTo(course.learning, values);
      if (course.learning.seen === samples) {
        course.baseline = meansOf(course.learning);
        onLearned?.(cylinder, course.baseline);
      }
    }
    if (course.recent.length < smooth) return null;
    if (course.baseline === null && course.learning.seen < fewest) return null;
    const base = course.baseline ?? meansOf(course.learning);
    const means = smoothed(course.recent);
    // A sensor that does not answer now is missing now, whatever it said before.
    return values.map((value, sensor) =>
      value === null ? null : deviation(means[sensor] ?? null, base[sensor] ?? null),
    );
  };
};

/** How a model file keeps its baseline: among the attributes that XGBoost lets anybody add and carries along. */
export const BASELINE_ATTRIBUTE = 'sentinel_baseline';

/** As text in a model file. */
export const baselineText = ({ samples, smooth }: BaselineSettings): string => `${samples} ${smooth}`;

/** What such a text says; null where it says nothing that is known here. */
export const readBaselineText = (text: string): BaselineSettings | null => {
  const [samples = 0, smooth = 0] = text.split(' ').map(Number);
  return text === `${samples} ${smooth}` && areBaselineSettings({ samples, smooth })
    ? { samples, smooth }
    : null;
};

/** Whether both are whole and a baseline is longer than what is held against it. */
export const areBaselineSettings = ({ samples, smooth }: BaselineSettings): boolean =>
  Number.isSafeInteger(samples) && Number.isSafeInteger(smooth) && smooth >= 1 && samples > smooth;

/** What a model says of each cylinder's samples in their order, by its baseline where it has one. */
export const scoresInOrder = <Score>(
  baseline: BaselineSettings | undefined,
  scoreOf: (values: SensorValues) => Score,
): ((values: SensorValues, cylinder: string) => Score) => {
  if (baseline === undefined) return scoreOf;
  const deviations = createDeviations(baseline);
  return (values, cylinder) => scoreOf(deviations(values, cylinder) ?? NOTHING_KNOWN);
};
