import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { type Forecast, forecastIn } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldRecord } from '../../domain/fold/fold-record.ts';
import { median } from '../../domain/median.ts';
import { durationText } from '../../notification/time-text.ts';
import type { RecordedMessage, Recording } from '../recordings/recording.ts';

/** What became of what was foretold, once a minute while anything was: how often it came within its interval, and how not. */
export type ForecastScore = Readonly<{
  made: number;
  within: number;
  sooner: number;
  later: number;
  /** The recording ended before the interval did, and nothing had come. */
  undecided: number;
  /** From the first time that a severity was foretold until it was reached, ms: the median; null where none was. */
  medianLeadMs: number | null;
}>;

type Made = Forecast & Readonly<{ atMs: number }>;
type Reached = Readonly<{ severity: string; atMs: number }>;
type Course = { record: CylinderRecord | null; made: Made[]; reached: Reached[]; lastMs: number };

const take = (course: Course, cylinder: string, message: RecordedMessage, book: PolicyBook): void => {
  const samples = message.samples.filter((sample) => sample.cylinder === cylinder);
  const input = { kind: 'samples', receivedAt: message.receivedAt, samples } as const;
  const before = course.record?.statistics?.hour.newest;
  const fold = foldRecord(cylinder, course.record, input, book.of(cylinder));
  const { statistics } = fold.record;
  for (const output of fold.transitions)
    if (output.kind === 'severity') course.reached.push({ severity: output.severity, atMs: output.t });
  if (statistics?.forecast !== undefined && statistics.hour.newest !== before)
    course.made.push({ ...forecastIn(statistics.forecast), atMs: statistics.last.t });
  course.record = fold.record;
  course.lastMs = Math.max(course.lastMs, statistics?.last.t ?? 0);
};

const scoreOf = (courses: Iterable<Course>): ForecastScore => {
  const counts = { made: 0, within: 0, sooner: 0, later: 0, undecided: 0 };
  const leads: number[] = [];
  for (const { made, reached, lastMs } of courses) {
    const led = new Set<Reached>();
    for (const { severity, atMs, fromMs, toMs } of made) {
      counts.made += 1;
      const next = reached.find((one) => one.severity === severity && one.atMs >= atMs);
      if (next === undefined && lastMs < toMs) counts.undecided += 1;
      else if (next === undefined || next.atMs > toMs) counts.later += 1;
      else if (next.atMs < fromMs) counts.sooner += 1;
      else counts.within += 1;
      if (next === undefined || led.has(next)) continue;
      led.add(next);
      leads.push(next.atMs - atMs);
    }
  }
  return { ...counts, medianLeadMs: median(leads) };
};

/** Replays a recording cylinder by cylinder and holds all that was foretold before an incident against what came. */
export const scoreForecasts = async (recording: Recording, book: PolicyBook): Promise<ForecastScore> => {
  const courses = new Map<string, Course>();
  for await (const batch of recording.messages())
    for (const message of batch)
      for (const cylinder of new Set(message.samples.map((sample) => sample.cylinder))) {
        const course = courses.get(cylinder) ?? { record: null, made: [], reached: [], lastMs: 0 };
        courses.set(cylinder, course);
        take(course, cylinder, message, book);
      }
  return scoreOf(courses.values());
};

/** A score in one line. */
export const forecastText = ({
  made,
  within,
  sooner,
  later,
  undecided,
  medianLeadMs,
}: ForecastScore): string => {
  if (made === 0) return 'nothing was foretold before an incident';
  const decided = made - undecided;
  const share = decided === 0 ? '' : ` (${Math.round((100 * within) / decided)} % of ${decided} decided)`;
  const lead =
    medianLeadMs === null ? '' : `; first foretold ${durationText(medianLeadMs)} before, at the median`;
  return `${made} times foretold, ${within} within the interval${share}, ${sooner} sooner, ${later} later or never, ${undecided} undecided${lead}`;
};
