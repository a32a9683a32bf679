import { readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import { readTime } from '../../domain/message/read-time.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import type { TableStyle } from './table.ts';

/** A first map of a table, as JSON, and what of it a person should look at. */
export type MapGuess = Readonly<{ map: Readonly<Record<string, unknown>>; doubts: readonly string[] }>;

/** What a table shows of itself: its columns, and its first rows. */
export type TableGlance = Readonly<{
  header: readonly string[];
  style: TableStyle;
  rows: readonly (readonly string[])[];
}>;

/** Names by which devices and historians call what a sensor measures; the first that fits is taken. */
const SENSOR_WORDS: Readonly<Record<Sensor, readonly RegExp[]>> = {
  rVibration_Temp: [/temp|°c|°f|grad/i],
  rVibration_Z_RMS_Velocity: [/z.*(vel|rms|vib|geschw)|(vel|rms|vib).*[_ -]?z\b/i],
  rVibration_X_RMS_Velocity: [/x.*(vel|rms|vib|geschw)|(vel|rms|vib).*[_ -]?x\b/i],
  wRMSCurrent: [/current(?!.*load)|strom|amp(ere)?s?\b|\bi_?rms\b/i],
  wCurrentLoad: [/load|last\b|auslastung|torque/i],
  wEncoderVelocity: [/rpm|encoder|drehzahl|speed|rotat/i],
};
const UNIT_IN_NAME = /[[(](°C|°F|K|mm\/s|in\/s|m\/s|g|m\/s²|A|mA|%|rpm|RPM|Hz|V|mV)[)\]]/;
const MACHINE =
  /machine|maschine|asset|device|equipment|sensor_?id|cylinder|zylinder|unit|station|pump|press/i;
const LABEL = /label|anomal|status|state|fault|fail|zustand|target/i;
const GOOD_WORDS = /^(0|false|normal|ok|good|healthy|no|run(ning)?)$/i;
const BAD_WORDS = /^(1|true|broken|fault(y)?|fail(ed|ure)?|anomal(y|ous)|abnormal|alarm|bad|yes)$/i;
const MOST_WORDS = 10;
const MOST_NAMES = 20;

const shareOf = (cells: readonly string[], isSo: (cell: string) => boolean): number =>
  cells.length === 0 ? 0 : cells.filter(isSo).length / cells.length;

/** Guesses a map by the names of columns and what is in them; what it is not sure of is said. */
export const guessMap = ({ header, style, rows }: TableGlance): MapGuess => {
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
    map.time = isPlain ? from : { from, ...(time.as === 'auto' ? {} : { as: time.as }) };
    doubts.push(...timeDoubts(time).map((doubt) => `time: ${names.join(' and ')} ${doubt}`));
  }

  // `machine_status` names no machine.
  const saysState = (name: string, column: number): boolean =>
    LABEL.test(name) && cellsOf(column).some((cell) => GOOD_WORDS.test(cell) || BAD_WORDS.test(cell));
  const machine = header.findIndex(
    (name, column) =>
      MACHINE.test(name) &&
      !saysState(name, column) &&
      !times.some(({ columns }) => columns.includes(column)) &&
      isName(cellsOf(column)),
  );
  if (machine >= 0) {
    taken.add(machine);
    map.cylinder = { from: header[machine] };
    doubts.push(`cylinder: ${header[machine]} names it, by its name`);
  }

  const label = header.findIndex((name, column) => LABEL.test(name) && !taken.has(column));
  if (label >= 0) {
    const words = [...new Set(cellsOf(label))];
    if (words.length <= MOST_WORDS) {
      taken.add(label);
      const known = (word: string): boolean | null =>
        GOOD_WORDS.test(word) ? false : BAD_WORDS.test(word) ? true : null;
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
  if (hasComma && !style.hasDecimalComma) {
    map.decimal = ',';
    doubts.push(
      'decimal: numbers such as 1,250 may be of thousands; that decimals begin with a comma is a guess',
    );
  }
  const isNumeric = (column: number): boolean =>
    shareOf(cellsOf(column), (cell) => readNumberCell(bare(cell), hasComma) !== undefined) > 0.9;
  const sensors: Record<string, unknown> = {};
  for (const sensor of SENSORS) {
    const tests = [
      (name: string) => name.toLowerCase() === sensor.toLowerCase(),
      ...SENSOR_WORDS[sensor].map((word) => (name: string) => word.test(name)),
    ];
    const column = tests
      .map((isIt) => header.findIndex((name, at) => !taken.has(at) && isIt(name) && isNumeric(at)))
      .find((at) => at >= 0);
    const name = column === undefined ? undefined : header[column];
    if (column === undefined || name === undefined) {
      doubts.push(`sensors.${sensor}: no column is called like it`);
      continue;
    }
    taken.add(column);
    const unit = UNIT_IN_NAME.exec(name)?.[1] ?? unitOfCell(cellsOf(column)[0] ?? '');
    sensors[sensor] = unit === undefined ? name : { from: name, unit };
    if (name.toLowerCase() !== sensor.toLowerCase())
      doubts.push(`sensors.${sensor}: ${name}, by its name alone`);
  }
  map.sensors = sensors;
  const left = header.filter((name, column) => name !== '' && !taken.has(column));
  if (left.length > 0) doubts.push(`not used: ${left.slice(0, 20).join(', ')}`);
  return { map, doubts };
};

const FORMS = ['auto', 'excel', 'day-month-year', 'month-day-year', 'epoch-s'] as const;
type TimeForm = (typeof FORMS)[number];

const isMonthFirst = (form: TimeForm): boolean => form === 'month-day-year';

/** A column of times, or one of dates and one of clocks; the cells as they are read. */
type TimeGuess = Readonly<{ columns: readonly number[]; cells: readonly string[]; as: TimeForm }>;

/** What is not sure of a guess, as what is said after the names of its columns. */
const timeDoubts = ({ as, cells: [first = ''] }: TimeGuess): readonly string[] => {
  const doubts: string[] = [];
  if (as === 'day-month-year' || as === 'month-day-year')
    doubts.push(`could be day-month-year or month-day-year; ${as.split('-', 1)[0]} first is a guess`);
  if (as === 'epoch-s')
    doubts.push(
      'counts from the beginning of the recording, which is then in 1970; that it counts seconds (epoch-ms: ms) is a guess',
    );
  if (/\d:\d\d/.test(first) && !/(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$/i.test(first))
    doubts.push('names no zone and is taken for UTC; write time.zone if it is local');
  return doubts;
};

const CLOCK = /^\d{1,2}:\d{2}/;

/** The columns that hold times, those of a date and a clock among them. */
const timesOf = (
  header: readonly string[],
  cellsOf: (column: number) => readonly string[],
): readonly TimeGuess[] => {
  const guessOf = (columns: readonly number[], cells: readonly string[], name: string): TimeGuess[] => {
    // Where half a day is written, the month comes first.
    const hasHalf = cells.some((cell) => / [AP]M$/i.test(cell));
    const forms = FORMS.toSorted(
      (a, b) => Number(hasHalf && isMonthFirst(b)) - Number(hasHalf && isMonthFirst(a)),
    );
    const as = forms.find((form) => shareOf(cells, (cell) => isTime(cell, form, name)) > 0.9);
    return as === undefined ? [] : [{ columns, cells, as }];
  };
  const alone = header.flatMap((name, column) => guessOf([column], cellsOf(column), name));
  const clock = header.findIndex((_, column) => shareOf(cellsOf(column), (cell) => CLOCK.test(cell)) > 0.9);
  if (clock < 0) return alone;
  const clocks = cellsOf(clock);
  const pairs = header.flatMap((name, column) => {
    const dates = cellsOf(column);
    if (column === clock || dates.length !== clocks.length || !/date|datum|day|tag/i.test(name)) return [];
    return guessOf(
      [column, clock],
      dates.map((date, row) => `${date} ${clocks[row]}`),
      name,
    );
  });
  return [...pairs, ...alone];
};

/** A number is a day of a spreadsheet, or counts from the beginning, only where its column is called like a time. */
const TIME_WORD = /time|date|datum|zeit|stamp|elapsed|seconds?$/i;

const isTime = (cell: string, as: TimeForm, name: string): boolean => {
  const isBare = as === 'excel' || as === 'epoch-s';
  if (isBare && !TIME_WORD.test(name) && !(as === 'epoch-s' && /^(t|s|sec)$/i.test(name))) return false;
  const ms = readTime(cell, { as, zone: 'UTC' });
  if (as === 'epoch-s') return ms !== null && /^[\d.]+$/.test(cell);
  return ms !== null && (as !== 'excel' || (ms > Date.UTC(2015, 0) && ms < Date.UTC(2100, 0)));
};

const isName = (cells: readonly string[]): boolean =>
  cells.length > 0 && new Set(cells).size <= Math.max(MOST_NAMES, cells.length / 2);

// Thousands, or decimals.
const EITHER_NUMBER = /^[-+]?\d{1,3},\d{3}$/;
const CELL_UNIT = /^[-+\d.,\s]+\s*(°C|°F|K|mm\/s|in\/s|g|A|mA|%|rpm|RPM|Hz|V)$/;
const unitOfCell = (cell: string): string | undefined => CELL_UNIT.exec(cell)?.[1];
const bare = (cell: string): string => {
  const unit = unitOfCell(cell);
  return unit === undefined ? cell : cell.slice(0, -unit.length).trim();
};
