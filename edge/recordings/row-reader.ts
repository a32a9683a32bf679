import { readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import { AUTO_TIME, timeFault } from '../../domain/message/read-time.ts';
import { isName, nameFault } from '../../domain/message/topic.ts';
import { clockReader, secondOfTwo } from './clock-reader.ts';
import { type Column, type Columns, clockText } from './columns.ts';
import { cellFault, type OddCell } from './sensor-reader.ts';
import type { RowBlock, Table, TableError, TableMap } from './table.ts';

export type SampleRowsOptions = Readonly<{
  columns: Columns;
  /** The cylinder of rows that name none. */
  cylinder: string;
  map?: TableMap;
  /**
   * `time`: each cylinder's rows must be in the order of time, which must be readable. `newest`: the same, from the newest
   * on. `any`: it must be readable. `rows`: rows are in their order, and a time that cannot be read is NaN. Default: `time`.
   */
  order?: 'time' | 'newest' | 'any' | 'rows';
  onOdd?: (cell: OddCell) => void;
}>;

const LABELS: ReadonlyMap<string, boolean | null> = new Map([
  ...['0', '0.0', 'false', 'no', 'normal'].map((word) => [word, false] as const),
  ...['1', '1.0', 'true', 'yes', 'abnormal'].map((word) => [word, true] as const),
  ...['', 'na', 'nan', 'null', 'none'].map((word) => [word, null] as const),
]);

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));

/** What to do about a number that is too small to be a time: it may count from the beginning. */
const countAdvice = (text: string): string =>
  /^\d{1,7}(\.\d*)?$/.test(text)
    ? '; if it counts from the beginning of the recording, map time as epoch-s or epoch-ms'
    : '';

/** A number as a spreadsheet shows it where it has no room. */
const ROUNDED = /^\d\.\d{1,6}E\+\d+$/i;
/** What begins rows below a header or behind the data that are of the columns, and no data. */
const NOTE_WORDS =
  /^(sum(me)?|total|average|avg|mean|min(imum)?|max(imum)?|std(ev)?|median|count|mittel(wert)?|durchschnitt|moyenne|합계|평균|최대|최소|ch(annel)?|kanal|units?|einheit(en)?|type|address|scale|factor|offset|gain|description)[.:]?$/i;
const HOUR_MS = 3_600_000;

/** What would help where a row is so much before the one above it, ms. */
const orderAdvice = (backMs: number, zone: string): string => {
  const isUtc = zone === 'UTC';
  if (isUtc && backMs <= HOUR_MS && backMs > HOUR_MS / 2)
    return ": if clocks were put back there, map the time's zone; else sort them";
  return Math.abs(backMs - 12 * HOUR_MS) < HOUR_MS
    ? ': if the clock has twelve hours and no AM or PM, it cannot be told; export it with them, else sort the rows'
    : ': sort them';
};

/** Reads what a row says besides its numbers: when it was, of which cylinder, and how it is labelled. */
export const rowReader = (
  table: Table,
  { columns, cylinder, map = {}, order = 'time' }: SampleRowsOptions,
) => {
  const { time, label } = columns;
  const { names = {}, timeStyle = AUTO_TIME } = map;
  const readClock = clockReader(timeStyle);
  const machines = new Map<Column, string>();
  const meanings = map.label?.meanings ?? LABELS;

  let hasTime = false;
  let pending: TableError | null = null;

  const fault = (block: RowBlock, row: number, column: Column, message: string) =>
    cellFault(table, block, row, column, message);

  /** Whether a row without a time is of units or dashes below the header, or a note or a sum at the end: it has no data. */
  const isNote = (block: RowBlock, row: number): boolean => {
    const cells = table.header.map((_, index) => block.text(row, index));
    const numbers = cells.filter(
      (cell) => typeof readNumberCell(cell, table.style.hasDecimalComma) === 'number',
    );
    if (NOTE_WORDS.test(cells[time?.index ?? 0] ?? '')) return true;
    if (!hasTime) return numbers.length === 0;
    const said = cells.filter((cell) => cell !== '');
    return (
      said.length <= 1 ||
      (numbers.length < columns.sensors.length && !/\d/.test(cells[time?.index ?? 0] ?? ''))
    );
  };

  /** Throws where a row names the columns anew and otherwise than the header: what is below would be read wrongly. */
  const checkHeader = (block: RowBlock, row: number, column: Column): void => {
    const cells = table.header.map((_, index) => block.text(row, index));
    const named = cells.filter((cell) => cell !== '' && table.header.includes(cell));
    if (named.length < 2 || cells.every((cell, index) => cell === table.header[index])) return;
    throw fault(
      block,
      row,
      column,
      'the columns are named anew, and otherwise: give each table a file of its own',
    );
  };

  let lastText = '';
  const checkRounded = (block: RowBlock, row: number, column: Column, text: string): void => {
    if (text === lastText)
      throw fault(
        block,
        row,
        column,
        `${shown(text)} comes again: a spreadsheet has rounded the numbers; export them as text, or with all their digits`,
      );
    lastText = text;
  };

  const checkMachine = (block: RowBlock, row: number, column: Column): void => {
    const name = block.text(row, column.index);
    const first = machines.get(column);
    if (first === undefined) machines.set(column, name);
    else if (first !== name) {
      const named = JSON.stringify({ cylinder: { from: column.name } });
      const advice = `say in a map (--map) which column names the cylinder: ${named}`;
      const message = `${shown(name)} after ${shown(first)}: these look like several machines, which are not merged`;
      throw fault(block, row, column, `${message}; ${advice}`);
    }
  };

  return {
    fault,
    /** When a row was, ms; NaN where that is not needed and not known, null for a row that names the columns again. */
    time: (block: RowBlock, row: number): number | null => {
      if (time === null) return Number.NaN;
      const text = clockText(block, row, columns.clocks);
      const t = readClock(text);
      if (t !== null) {
        if (ROUNDED.test(text)) checkRounded(block, row, time, text);
        if (hasTime && pending !== null) throw pending;
        hasTime = true;
        pending = null;
        return t;
      }
      if (block.text(row, time.index) === time.name) {
        checkHeader(block, row, time);
        return null;
      }
      if (order === 'rows') return Number.NaN;
      const wrong = fault(block, row, time, `${timeFault(text)}${countAdvice(text)}`);
      checkHeader(block, row, time);
      if (!isNote(block, row)) throw pending ?? wrong;
      pending ??= wrong;
      return null;
    },
    /** At the end of the rows: throws what was wrong with the first, where none had a time. */
    end: (): void => {
      if (!hasTime && pending !== null) throw pending;
    },
    /** That time, or the second of two of the same clock, if it is not before another; throws where it is. */
    inOrder: (block: RowBlock, row: number, t: number, before: number | undefined): number => {
      if (order === 'any' || order === 'rows' || time === null || before === undefined) return t;
      const isBehind = (one: number): boolean => (order === 'time' ? one >= before : one <= before);
      if (isBehind(t)) return t;
      const second = secondOfTwo(t, timeStyle);
      if (second !== null && isBehind(second)) return second;
      const times = `${new Date(t).toISOString()} comes after ${new Date(before).toISOString()}`;
      const advice = orderAdvice(before - t, timeStyle.zone);
      throw fault(block, row, time, `${times}; the rows of a cylinder must be in the order of time${advice}`);
    },
    cylinder: (block: RowBlock, row: number): string => {
      for (const column of columns.suspects) checkMachine(block, row, column);
      if (columns.cylinder === null) return cylinder;
      const said = block.text(row, columns.cylinder.index);
      const name = Object.hasOwn(names, said) ? names[said] : said;
      if (isName(name)) return name;
      const wanted = 'a name has letters, digits, colon, underscore and hyphen (at most 128)';
      const message = `${shown(said)} is not a name: it ${nameFault(said)}; ${wanted}, or a map gives it one`;
      throw fault(block, row, columns.cylinder, message);
    },
    label: (block: RowBlock, row: number, name: string, t: number): boolean | null => {
      if (map.intervals !== undefined) return map.intervals(name, t);
      if (label === null) return null;
      const text = block.text(row, label.index);
      const known = meanings.has(text) ? meanings.get(text) : meanings.get(text.toLowerCase());
      if (known !== undefined) return known;
      const expected = map.label?.meanings === undefined ? '0, 1 or empty' : 'among those of the map';
      const advice = JSON.stringify({ label: { from: label.name, values: { [text.slice(0, 40)]: '…' } } });
      throw fault(
        block,
        row,
        label,
        `${shown(text)} is not ${expected}; a map says what it means, true, false or null: ${advice}`,
      );
    },
  };
};
