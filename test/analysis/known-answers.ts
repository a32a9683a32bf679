import { contributions, courses, models } from './known-courses.ts';
import {
  type Answer,
  alarmLoad,
  alertPrecision,
  byText,
  DAY,
  incidentList,
  lasted,
  mean,
  timeline,
  timeText,
  untilTo,
} from './known-incidents.ts';
import { beforeIncidents, drift } from './known-profiles.ts';
import {
  CYLINDERS,
  cylinderName,
  gatewayOf,
  INCIDENTS,
  isAbnormal,
  isMissing,
  LATE,
  NOTICES,
  SECONDS,
} from './seeded-week.ts';

/** What one look at each second of the week counts, by cylinder. */
type Counted = Readonly<{
  hours: Map<number, { samples: number; abnormal: number; most: number }>;
  days: Map<number, { samples: number; longest: number; late: number; latest: number }>;
  gaps: (readonly [from: number, to: number])[];
  /** Messages that begin in each hour. */
  sent: Map<number, number>;
  run: { samples: number; running: number; starts: number; messages: number };
}>;

const arrivedAt = (c: number, i: number): number =>
  c === LATE.c && i >= LATE.from && i < LATE.to ? i + LATE.ms / 1000 : i - (i % 10) + 10;

const countCylinder = (c: number): Counted => {
  const counted: Counted = {
    hours: new Map(),
    days: new Map(),
    gaps: [],
    sent: new Map(),
    run: { samples: 0, running: 0, starts: 0, messages: 0 },
  };
  let before: number | null = null;
  let speedBefore: number | null = null;
  for (let i = 0; i < SECONDS; i += 1) {
    if (isMissing(c, i)) continue;
    const bad = isAbnormal(c, i);
    const hour = counted.hours.get(Math.floor(i / 3600)) ?? { samples: 0, abnormal: 0, most: 0 };
    counted.hours.set(Math.floor(i / 3600), hour);
    hour.samples += 1;
    if (bad) hour.abnormal += 1;
    hour.most = Math.max(hour.most, bad ? 0.9 : 0.1);
    const dayNumber = Math.floor(i / DAY);
    const day = counted.days.get(dayNumber) ?? { samples: 0, longest: 0, late: 0, latest: 0 };
    counted.days.set(dayNumber, day);
    day.samples += 1;
    if (before !== null && Math.floor(before / DAY) === dayNumber)
      day.longest = Math.max(day.longest, i - before);
    const delay = arrivedAt(c, i) - i;
    if (delay > 60) day.late += 1;
    day.latest = Math.max(day.latest, delay);
    if (before !== null && i - before > 10) counted.gaps.push([before, i]);
    if (before === null || arrivedAt(c, i) !== arrivedAt(c, before)) {
      counted.run.messages += 1;
      counted.sent.set(Math.floor(i / 3600), (counted.sent.get(Math.floor(i / 3600)) ?? 0) + 1);
    }
    const speed = (i + c * 977) % 10_000 < 1000 ? 0 : 1000;
    counted.run.samples += 1;
    if (speed > 0) counted.run.running += 1;
    if (speed > 0 && speedBefore === 0) counted.run.starts += 1;
    speedBefore = speed;
    before = i;
  }
  return counted;
};

const abnormalByHour = (all: ReadonlyMap<number, Counted>): Answer =>
  [...all].flatMap(([c, { hours }]) =>
    [...hours].map(([hour, { samples, abnormal, most }]) => ({
      cylinder: cylinderName(c),
      hour: timeText(hour * 3600),
      samples,
      abnormal,
      abnormal_share: abnormal / samples,
      probability_max: most,
    })),
  );

const coverage = (all: ReadonlyMap<number, Counted>): Answer =>
  [...all].flatMap(([c, { days }]) =>
    [...days].map(([day, { samples, longest, late, latest }]) => ({
      cylinder: cylinderName(c),
      day: timeText(day * DAY),
      samples,
      seconds: samples,
      coverage: samples / DAY,
      longest_gap_s: longest,
      late,
      latest_s: latest,
    })),
  );

const causeOf = (c: number, from: number, to: number): string | null => {
  const offline = NOTICES.filter(({ type, at }) => type === 'OFFLINE' && at > from && at < to);
  if (offline.some((one) => one.c === null && one.gateway === gatewayOf(c))) return 'gateway-offline';
  if (offline.some((one) => one.c === c)) return 'cylinder-offline';
  return c === 7 ? 'quarantined' : null;
};

const gaps = (all: ReadonlyMap<number, Counted>): Answer =>
  [...all].flatMap(([c, counted]) =>
    counted.gaps.map(([from, to]) => ({
      cylinder: cylinderName(c),
      gateway: gatewayOf(c),
      began_at: timeText(from),
      ended_at: timeText(to),
      seconds: to - from,
      cause: causeOf(c, from, to),
    })),
  );

const messages = (all: ReadonlyMap<number, Counted>): Answer =>
  ['oslo-1', 'bergen-1']
    .map((gateway) => {
      const own = [...all].filter(([c]) => gatewayOf(c) === gateway).map(([, counted]) => counted);
      const samples = own.reduce((sum, { run }) => sum + run.samples, 0);
      const count = own.reduce((sum, { run }) => sum + run.messages, 0);
      return {
        gateway,
        cylinders: own.length,
        samples,
        messages: count,
        samples_per_message: samples / count,
        messages_per_day: count / 7,
      };
    })
    .toSorted((a, b) => b.messages - a.messages);

const sites = (all: ReadonlyMap<number, Counted>): Answer => {
  const named = ['oslo', 'bergen'].map((site) => {
    const own = [...all].filter(([c]) => gatewayOf(c).startsWith(`${site}-`)).map(([, counted]) => counted);
    const sumOf = (of: (run: Counted['run']) => number): number =>
      own.reduce((sum, { run }) => sum + of(run), 0);
    const [samples, count] = [sumOf((run) => run.samples), sumOf((run) => run.messages)];
    const saves = own.reduce(
      (sum, { sent }) => sum + [...sent.values()].reduce((total, one) => total + Math.min(one, 180), 0),
      0,
    );
    const usd = ((count * 0.32 + samples * 0.0148 + saves * 0.712) / 1e6 / 7) * 30 + own.length * 0.0182;
    return { site, gateways: 1, cylinders: own.length, samples, messages: count, usd_per_month: usd };
  });
  const total = named.reduce((sum, { messages: count }) => sum + count, 0);
  return named
    .map((one) => ({ ...one, message_share: one.messages / total }))
    .toSorted((a, b) => b.usd_per_month - a.usd_per_month);
};

const runningHours = (all: ReadonlyMap<number, Counted>): Answer =>
  [...all].map(([c, { run }]) => ({
    cylinder: cylinderName(c),
    observed_hours: run.samples / 3600,
    running_hours: run.running / 3600,
    starts: run.starts,
    duty: run.running / run.samples,
  }));

const reliability = (all: ReadonlyMap<number, Counted>): Answer =>
  [...all]
    .map(([c, { run }]) => {
      const own = INCIDENTS.filter((one) => one.c === c);
      const failed = own.filter(({ outcome }) => outcome === null || outcome === 'fault');
      const hours = run.running / 3600;
      const trouble = failed.reduce((sum, one) => sum + untilTo(one), 0) / 3600;
      return {
        cylinder: cylinderName(c),
        running_hours: hours,
        failures: failed.length,
        mtbf_hours: failed.length === 0 ? null : hours / failed.length,
        mttr_minutes: mean(failed.flatMap((one) => lasted(one) ?? []).map((seconds) => seconds / 60)),
        mtta_minutes: mean(
          own.flatMap(({ acknowledged, raised }) =>
            acknowledged === null ? [] : (acknowledged - raised) / 60,
          ),
        ),
        availability: Math.max(0, 1 - trouble / hours),
      };
    })
    .toSorted((a, b) => a.availability - b.availability || byText(a.cylinder, b.cylinder));

const worstActors = (all: ReadonlyMap<number, Counted>): Answer =>
  [...Map.groupBy(INCIDENTS, ({ c }) => c)]
    .map(([c, own]) => {
      const hours = [...(all.get(c)?.hours.values() ?? [])];
      const sum = (of: (hour: Readonly<{ samples: number; abnormal: number }>) => number): number =>
        hours.reduce((total, hour) => total + of(hour), 0);
      return {
        cylinder: cylinderName(c),
        incidents: own.length,
        trouble_hours: own.reduce((total, one) => total + untilTo(one), 0) / 3600,
        longest_hours: Math.max(...own.map(untilTo)) / 3600,
        faults: own.filter(({ outcome }) => outcome === 'fault').length,
        no_fault: own.filter(({ outcome }) => outcome === 'no-fault-found' || outcome === 'sensor').length,
        open: own.filter(({ cleared }) => cleared === null).length,
        abnormal_share: sum(({ abnormal }) => abnormal) / sum(({ samples }) => samples),
      };
    })
    .toSorted((a, b) => b.trouble_hours - a.trouble_hours);

/** What each saved query has to say of the week, found without SQL; `drift` since its fourth day. */
export const knownAnswers = (): Readonly<Record<string, Answer>> => {
  const all = new Map(CYLINDERS.map((c) => [c, countCylinder(c)]));
  return {
    'abnormal-by-hour': abnormalByHour(all),
    'alarm-load': alarmLoad(),
    'alert-precision': alertPrecision(),
    'before-incidents': beforeIncidents(),
    contributions: contributions(),
    course: courses(),
    coverage: coverage(all),
    drift: drift(),
    gaps: gaps(all),
    incidents: incidentList(),
    messages: messages(all),
    models: models(),
    reliability: reliability(all),
    'running-hours': runningHours(all),
    sites: sites(all),
    timeline: timeline(),
    'worst-actors': worstActors(all),
  };
};
