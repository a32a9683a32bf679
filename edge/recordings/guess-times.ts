import { readTime } from '../../domain/message/read-time.ts';
import { timeColumns } from './columns.ts';

const FORMS = ['auto', 'excel', 'matlab', 'day-month-year', 'month-day-year', 'epoch-s'] as const;
type TimeForm = (typeof FORMS)[number];

const isMonthFirst = (form: TimeForm): boolean => form === 'month-day-year';

/** A column of times, or one of dates and one of clocks; the cells as they are read. */
export type TimeGuess = Readonly<{ columns: readonly number[]; cells: readonly string[]; as: TimeForm }>;

/** What is not sure of a guess, as what is said after the names of its columns. */
export const timeDoubts = ({ as, cells: [first = ''] }: TimeGuess): readonly string[] => {
  const doubts: string[] = [];
  if (as === 'day-month-year' || as === 'month-day-year')
    doubts.push(`could be day-month-year or month-day-year; ${as.split('-', 1)[0]} first is a guess`);
  if (as === 'epoch-s')
    doubts.push(
      'counts from the beginning of the recording, which is then in 1970; that it counts seconds (epoch-ms: ms) is a guess',
    );
  if (as !== 'epoch-s' && /\d:\d\d/.test(first) && !/(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$/i.test(first))
    doubts.push('names no zone and is taken for UTC; write time.zone if it is local');
  return doubts;
};

const CLOCK = /^\d{1,2}:\d{2}/;

/** The columns that hold times, those of a date and a clock among them. */
export const timesOf = (
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
    // What stands still or goes to and fro counts nothing.
    if (as === undefined || (as === 'epoch-s' && !isRising(cells))) return [];
    return [{ columns, cells, as }];
  };
  const alone = header.flatMap((name, column) => guessOf([column], cellsOf(column), name));
  // What is found by its usual name needs no guess.
  const usual = timeColumns(header, {}).map(({ index }) => index);
  const parts = usual.map(cellsOf);
  const usualCells = (parts[0] ?? []).map((_, row) => parts.map((cells) => cells[row] ?? '').join(' '));
  const named = usual.length > 1 ? guessOf(usual, usualCells, 'time') : [];
  if (named.length > 0) return [...named, ...alone];
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

/** How many of some cells are so, 0 to 1; 0 where there are none. */
export const shareOf = (cells: readonly string[], isSo: (cell: string) => boolean): number =>
  cells.length === 0 ? 0 : cells.filter(isSo).length / cells.length;

const isRising = (cells: readonly string[]): boolean => {
  const times = cells.map((cell) => readTime(cell, { as: 'epoch-s', zone: 'UTC' }) ?? 0);
  return times.every((ms, at) => at === 0 || ms >= (times[at - 1] ?? 0)) && times.at(-1) !== times[0];
};

/** A number is a day of a spreadsheet, or counts from the beginning, only where its column is called like a time. */
const TIME_WORD = /time|date|datum|zeit|stamp|elapsed|seconds?$|^x_value$/i;

const isTime = (cell: string, as: TimeForm, name: string): boolean => {
  const isBare = as === 'excel' || as === 'matlab' || as === 'epoch-s';
  if (isBare && !TIME_WORD.test(name) && !/^(ts?|s|sec)$/i.test(name)) return false;
  const ms = readTime(cell, { as, zone: 'UTC' });
  if (as === 'epoch-s') return ms !== null && !/^(19|20)\d{6}$/.test(cell);
  return ms !== null && (!isBare || (ms > Date.UTC(2015, 0) && ms < Date.UTC(2100, 0)));
};
