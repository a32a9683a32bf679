import { readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import { median } from '../../domain/median.ts';
import { readTime } from '../../domain/message/read-time.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import { longColumns } from './columns.ts';
import { guessDevices, guessSensors } from './guess-sensors.ts';
import { shareOf, type TimeGuess, timeDoubts, timesOf } from './guess-times.ts';
import type { TableStyle } from './table.ts';

/** A first map of a table, as JSON, and what of it a person should look at. */
export type MapGuess = Readonly<{ map: Readonly<Record<string, unknown>>; doubts: readonly string[] }>;

/** What a table shows of itself: its columns, and its first rows. */
export type TableGlance = Readonly<{
  header: readonly string[];
  style: TableStyle;
  rows: readonly (readonly string[])[];
  /** The names of the metrics where each has rows of its own. */
  metrics: readonly string[];
}>;

const UNIT_IN_NAME = /[[(](°C|°F|K|mm\/s|in\/s|m\/s|g|m\/s²|A|mA|%|rpm|RPM|Hz|V|mV)[)\]]/;
const MACHINE =
  /machine|maschine|asset|device|equipment|sensor_?id|cylinder|zylinder|unit|station|pump|press|^tags$|^topic$/i;
const LABEL = /label|anomal|status|state|fault|fail|zustand|target/i;
const GOOD_WORDS = /^(0|false|normal|ok|good|healthy|no|run(ning)?)$/i;
const BAD_WORDS =
  /^(1|true|broken|fault(y)?|fail(ed|ure)?|anomal(y|ous)|abnormal|alarm|bad|yes|nok|ng|not ok)$/i;
const MOST_WORDS = 10;
const MOST_NAMES = 20;

/** Guesses a map by the names of columns and what is in them; what it is not sure of is said. */
export const guessMap = ({ header, style, rows, metrics }: TableGlance): MapGuess => {
  const cellsOf = (column: number): readonly string[] =>
    rows.map((row) => (row[column] ?? '').trim()).filter((cell) => cell !== '');
  const doubts: string[] = [];
  const taken = new Set<number>();
  const map: Record<string, unknown> = {};

  const times = timesOf(header, cellsOf);
  const time = times.find(({ as }) => as === 'auto') ?? times[0];
  if (time === undefined) doubts.push('no column holds times: write time.from and time.as');
  else {
    for (const column of time.columns) taken.add(column);
    const names = time.columns.flatMap((column) => header[column] ?? []);
    const from = names.length === 1 ? names[0] : names;
    const isPlain = time.as === 'auto' && names.length === 1;
    // A column without a name is found by its place.
    if (from !== '') map.time = isPlain ? from : { from, ...(time.as === 'auto' ? {} : { as: time.as }) };
    doubts.push(...timeDoubts(time).map((doubt) => `time: ${names.join(' and ')} ${doubt}`));
  }

  // `machine_status` names no machine.
  const saysState = (name: string, column: number): boolean =>
    LABEL.test(name) && cellsOf(column).some((cell) => GOOD_WORDS.test(cell) || BAD_WORDS.test(cell));
  const likeSensors = new Set(Object.values(guessSensors(header)));
  const machine = header.findIndex(
    (name, column) =>
      MACHINE.test(name) &&
      !likeSensors.has(name) &&
      !saysState(name, column) &&
      !times.some(({ columns }) => columns.includes(column)) &&
      isFew(cellsOf(column)),
  );
  if (machine >= 0) {
    taken.add(machine);
    const others = [...new Set(cellsOf(machine))].filter((cell) => !isName(cell)).slice(0, MOST_NAMES);
    const names = Object.fromEntries(others.map((cell) => [cell, nameOf(cell)]));
    map.cylinder = { from: header[machine], ...(others.length === 0 ? {} : { names }) };
    doubts.push(`cylinder: ${header[machine]} names it, by its name`);
  }

  const long = longColumns(header, {});
  const what = long === null ? 'column' : 'metric';
  if (long !== null) {
    map.long = { metric: long.metric.name, value: long.value.name };
    for (const column of [long.metric, long.value, long.quality])
      if (column !== null) taken.add(column.index);
    const periodMs = time === undefined ? null : metricPeriodMs(rows, long.metric.index, time);
    if (periodMs !== null) {
      map.periodMs = periodMs;
      doubts.push(
        `periodMs: metrics have times of their own; those within ${periodMs} ms are taken for one sample`,
      );
    }
  }

  const label = header.findIndex((name, column) => LABEL.test(name) && !taken.has(column));
  if (label >= 0) {
    const words = [...new Set(cellsOf(label))];
    if (words.length <= MOST_WORDS) {
      taken.add(label);
      const isOutlier = words.includes('-1') && words.every((word) => /^-?1$/.test(word));
      if (isOutlier)
        doubts.push(`label: -1 of ${header[label]} is taken for abnormal, as scikit-learn says of outliers`);
      const known = (word: string): boolean | null => {
        if (isOutlier) return word === '-1';
        return GOOD_WORDS.test(word) ? false : BAD_WORDS.test(word) ? true : null;
      };
      map.label = {
        from: header[label],
        values: Object.fromEntries(words.map((word) => [word, known(word)])),
      };
      for (const word of words.filter((one) => known(one) === null))
        doubts.push(`label: ${JSON.stringify(word)} of ${header[label]} is taken for not known`);
    }
  }

  const hasComma =
    style.hasDecimalComma || rows.some((row) => row.some((cell) => EITHER_NUMBER.test(cell.trim())));
  const hasPoint =
    !style.hasDecimalComma && rows.some((row) => row.some((cell) => POINT_NUMBER.test(cell.trim())));
  if (hasComma && hasPoint) {
    map.decimal = '.';
    doubts.push(
      'decimal: other numbers have a point, so that the comma of 1,250 is taken for one of thousands',
    );
  } else if (hasComma && !style.hasDecimalComma) {
    map.decimal = ',';
    doubts.push(
      'decimal: numbers such as 1,250 may be of thousands; that decimals begin with a comma is a guess',
    );
  }
  const isNumeric = (column: number): boolean =>
    shareOf(
      cellsOf(column),
      (cell) => readNumberCell(bare(cell), hasComma && !hasPoint, hasPoint) !== undefined,
    ) > 0.9;
  const numeric = header.filter((_, at) => !taken.has(at) && isNumeric(at));
  const of = (name: string): number => header.indexOf(name);
  const unitOf = (name: string): string | undefined =>
    UNIT_IN_NAME.exec(name)?.[1] ?? unitOfCell(cellsOf(of(name))[0] ?? '');
  const devices = long === null ? guessDevices(numeric) : guessDevices(metrics);
  const named = devices?.sensors ?? guessSensors(long === null ? numeric : metrics);
  if (devices !== null) {
    map.devices = devices.ats.map((at) => ({ cylinder: nameOf(at), at }));
    delete map.cylinder;
    doubts.push(`devices: ${devices.ats.join(', ')} tell cylinders apart, by the names of ${what}s`);
  }
  const sensors: Record<string, unknown> = {};
  for (const sensor of SENSORS) {
    const name = named[sensor];
    if (name === undefined) {
      doubts.push(`sensors.${sensor}: no ${what} is called like it`);
      continue;
    }
    const whole = devices === null ? [name] : devices.ats.map((at) => name.replace('{at}', at));
    for (const one of whole) if (long === null) taken.add(of(one));
    const unit = long === null ? unitOf(whole[0] ?? '') : UNIT_IN_NAME.exec(name)?.[1];
    sensors[sensor] = unit === undefined ? name : { from: name, unit };
    if (name.toLowerCase() !== sensor.toLowerCase())
      doubts.push(`sensors.${sensor}: ${name}, by its name alone`);
  }
  map.sensors = sensors;
  const names = new Set(Object.values(named));
  const left =
    long === null
      ? header.filter((name, column) => name !== '' && !taken.has(column))
      : metrics.filter((name) => devices === null && !names.has(name));
  if (left.length > 0) doubts.push(`not used: ${left.slice(0, 20).join(', ')}`);
  return { map, doubts };
};

/** How far apart the values of a metric are, where metrics have times of their own; null where they share them. */
const metricPeriodMs = (
  rows: readonly (readonly string[])[],
  metric: number,
  { columns, as }: TimeGuess,
): number | null => {
  const timesByMetric = new Map<string, number[]>();
  const metricsByTime = new Map<number, Set<string>>();
  for (const row of rows) {
    const ms = readTime(columns.map((column) => row[column] ?? '').join(' '), { as, zone: 'UTC' });
    if (ms === null) continue;
    const name = row[metric] ?? '';
    timesByMetric.set(name, [...(timesByMetric.get(name) ?? []), ms]);
    metricsByTime.set(ms, (metricsByTime.get(ms) ?? new Set()).add(name));
  }
  const alone = [...metricsByTime.values()].filter(({ size }) => size === 1).length;
  if (timesByMetric.size < 2 || alone < metricsByTime.size / 2) return null;
  const steps = [...timesByMetric.values()].flatMap((times) =>
    times.slice(1).map((ms, at) => ms - (times[at] ?? ms)),
  );
  const step = median(steps.filter((ms) => ms > 0));
  return step === null ? null : Math.max(1, Math.round(step / 100) * 100 || Math.round(step));
};

/** A name of a cylinder, of what is called otherwise. */
const nameOf = (text: string): string =>
  text
    .replace(/\.0$/, '')
    .replaceAll(/[^\w:-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'cylinder';

const isFew = (cells: readonly string[]): boolean =>
  cells.length > 0 && new Set(cells).size <= Math.max(MOST_NAMES, cells.length / 2);

// Thousands, or decimals.
const POINT_NUMBER = /^[-+]?\d+\.(\d{1,2}|\d{4,})$/;
const EITHER_NUMBER = /^[-+]?\d{1,3},\d{3}$/;
const CELL_UNIT = /^[-+\d.,\s]+\s*(°C|°F|K|mm\/s|in\/s|g|A|mA|%|rpm|RPM|Hz|V)$/;
const unitOfCell = (cell: string): string | undefined => CELL_UNIT.exec(cell)?.[1];
const bare = (cell: string): string => {
  const unit = unitOfCell(cell);
  return unit === undefined ? cell : cell.slice(0, -unit.length).trim();
};
