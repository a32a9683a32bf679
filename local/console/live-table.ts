import { isInMaintenance } from '../../domain/alarm/state/fold-context.ts';
import { type Condition, isOpenCondition } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { printable } from '../../domain/printable.ts';
import { durationText } from '../../notification/time-text.ts';
import { compareNames } from '../../usecases/line-status.ts';
import type { QuarantineSummary } from '../../usecases/ports/line-view.ts';
import { deviceOf } from '../quarantine/quarantine-words.ts';
import type { Paint } from './screen.ts';
import { beginningOf, padEndTo, textWidth } from './text-width.ts';

type Entry = readonly [name: string, record: CylinderRecord];

/** A condition; or that nothing is known of it, because it was never heard or is not judged. */
type Shown = Condition | 'UNWATCHED';

const COLOURS: Readonly<Record<Shown, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  UNWATCHED: 'yellow',
  NORMAL: 'green',
  SUSPECT: 'yellow',
  ACTIVE: 'red',
  CLEARING: 'cyan',
};

/** The most urgent condition first, for where not all cylinders fit. */
const URGENCY: readonly Shown[] = ['ACTIVE', 'CLEARING', 'SUSPECT', 'UNWATCHED', 'NORMAL'];

const shownOf = ({ alarm: { condition, lastSeenAt, judging } }: CylinderRecord): Shown =>
  condition === 'NORMAL' && (lastSeenAt === null || judging.unwatched !== null) ? 'UNWATCHED' : condition;

const HEAD = ['cylinder', 'condition', 'severity', 'probability', 'last seen'];
const CONDITION_COLUMN = 1;
const MAX_NAME_LENGTH = 28;
/** The head, the line below the rows, and room above them in which notices can be read. */
const ROWS_BESIDE = 11;
const MIN_ROWS = 3;
/** A terminal lower than this gets the count alone. */
const MIN_TERMINAL_ROWS = 8;

const shortened = (name: string): string =>
  textWidth(name) > MAX_NAME_LENGTH ? `${beginningOf(name, MAX_NAME_LENGTH - 1)}…` : name;

/** As many whole words as there is room for; of a single one as many letters. */
const fitted = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text;
  const cut = beginningOf(text, Math.max(0, columns - 1));
  const atWord = cut.lastIndexOf(' ');
  return columns < 2
    ? ''
    : `${atWord > 0 && text[cut.length] !== ' ' ? cut.slice(0, atWord) : cut.trimEnd()}…`;
};

/** What people did about it, or why nothing is told of it. */
const saidOf = (alarm: CylinderRecord['alarm'], now: number): string => {
  const { incident, condition, shelf } = alarm;
  if (alarm.maintenance !== null && isInMaintenance(alarm, now))
    return `maintenance, ${alarm.maintenance.by}`;
  if (shelf !== null && now < shelf.until) return `shelved, ${shelf.by}`;
  if (alarm.judging.unwatched !== null) return 'unwatched';
  if (incident === null || !isOpenCondition(condition)) return '';
  if (incident.closing !== null) return `closed, ${incident.closing.by}`;
  return incident.acknowledgedBy === null ? '' : `acknowledged, ${incident.acknowledgedBy}`;
};

const cellsOf = ([name, record]: Entry, now: number): string[] => {
  const { alarm, statistics } = record;
  return [
    shortened(name),
    shownOf(record),
    isOpenCondition(alarm.condition) ? (alarm.incident?.severity ?? '') : '',
    statistics === null ? '' : statistics.last.probability.toFixed(3),
    alarm.lastSeenAt === null ? 'never' : `${durationText(now - alarm.lastSeenAt)} ago`,
    printable(saidOf(alarm, now)),
  ];
};

const byName = ([a]: Entry, [b]: Entry): number => compareNames(a, b);

type Grouped = ReadonlyMap<Shown, readonly Entry[]>;

const grouped = (cylinders: ReadonlyMap<string, CylinderRecord>): Grouped => {
  const groups = new Map<Shown, Entry[]>(URGENCY.map((shown) => [shown, []]));
  for (const entry of cylinders) groups.get(shownOf(entry[1]))?.push(entry);
  return groups;
};

/** The first so many by name, with a look at each instead of a sort of thousands. */
const firstByName = (entries: readonly Entry[], count: number): readonly Entry[] => {
  if (entries.length <= count || count === 0) return entries.slice(0, count);
  let first = entries.slice(0, count).sort(byName);
  for (const entry of entries.slice(count)) {
    const last = first.at(-1);
    if (last !== undefined && byName(entry, last) < 0) first = [...first.slice(0, -1), entry].sort(byName);
  }
  return first;
};

/** The entries that fit, by name: all of them, or those that want looking at most. */
const fitting = (groups: Grouped, maxRows: number): readonly Entry[] => {
  const chosen: Entry[] = [];
  for (const entries of groups.values()) chosen.push(...firstByName(entries, maxRows - chosen.length));
  return chosen.sort(byName);
};

const countText = (count: number, groups: Grouped): string => {
  if (count === 0) return 'no cylinder heard yet';
  const counts = [...groups].flatMap(([shown, { length }]) =>
    length === 0 ? [] : [`${length} ${shown.toLowerCase()}`],
  );
  return `${count} cylinders: ${counts.join(', ')}`;
};

/** What lies in quarantine, in a line for a terminal of so many columns; none where there is nothing. */
export const quarantineCount = (
  paint: Paint,
  { messages, kinds: [latest] }: QuarantineSummary,
  now: number,
  columns: number,
): readonly string[] => {
  if (messages === 0 || latest === undefined) return [];
  const { cylinder, gateway } = deviceOf(latest);
  const ago = durationText(Math.max(0, now - latest.lastAt));
  const text =
    `in quarantine: ${messages} message${messages === 1 ? '' : 's'} (sentinel quarantine list), ` +
    `${latest.reason} of ${printable(shortened(cylinder ?? gateway ?? latest.topic))} ${ago} ago`;
  return [paint('yellow', fitted(text, columns - 1))];
};

/**
 * The cylinders as the lines of a table for a terminal of so many rows and columns. Where they do not all fit, those
 * that are not normal come before the others; the last line counts them all.
 */
export const liveTable = (
  paint: Paint,
  cylinders: ReadonlyMap<string, CylinderRecord>,
  now: number,
  { rows, columns }: Readonly<{ rows: number; columns: number }>,
): readonly string[] => {
  const maxRows = rows < MIN_TERMINAL_ROWS ? 0 : Math.max(MIN_ROWS, rows - ROWS_BESIDE);
  const groups = grouped(cylinders);
  const entries = fitting(groups, maxRows);
  const cellRows = entries.map((entry) => cellsOf(entry, now));
  const isSaid = cellRows.some((cells) => cells.at(-1) !== '');
  const titles = isSaid ? [...HEAD, 'said'] : HEAD;
  const table = isSaid ? cellRows : cellRows.map((cells) => cells.slice(0, -1));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...table.map((cells) => textWidth(cells[column] ?? ''))),
  );
  const padded = (cells: readonly string[]): readonly string[] => {
    let left = columns - 1;
    return cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      // A column has room for all of its cells or is not there; only names and what was said are shortened.
      const isShortened = column === 0 || column === HEAD.length;
      if (width > left && !isShortened) left = 0;
      const text = beginningOf(`${padEndTo(fitted(cell, left), Math.min(width, left))}  `, Math.max(0, left));
      left -= textWidth(text);
      return text;
    });
  };
  const rowOf = (cells: readonly string[], record: CylinderRecord): string =>
    padded(cells)
      .map((cell, column) => (column === CONDITION_COLUMN ? paint(COLOURS[shownOf(record)], cell) : cell))
      .join('')
      .trimEnd();
  const hidden = cylinders.size - entries.length;
  const rest = hidden > 0 && entries.length > 0 ? `; ${hidden} not shown` : '';
  const head = entries.length === 0 ? [] : [paint('dim', padded(titles).join('').trimEnd())];
  return [
    ...head,
    ...entries.map(([, record], index) => rowOf(table[index] ?? [], record)),
    paint('dim', fitted(`${countText(cylinders.size, groups)}${rest}`, columns - 1)),
  ];
};
