import { createStuckGuard, POINT_NUMBER, readNumberCell } from '../../domain/mapping/convert-sensor.ts';
import type { Column, Columns, SensorColumn } from './columns.ts';
import { type RowBlock, type SensorRule, type Table, TableError, type TableStyle } from './table.ts';

/** What is wrong with a cell that should hold a number, and what would help. */
const numberFault = (cell: string, { separator, hasDecimalComma }: TableStyle): string => {
  const shown = JSON.stringify(cell.slice(0, 40));
  if (/^[-+]?\d{1,3},\d{3}$/.test(cell))
    return `${shown} could be ${cell.replace(',', '')} or ${cell.replace(',', '.')}; write decimals with a point, or say in a map what the comma is: "decimal": ",", or "." where it is of thousands`;
  if (hasDecimalComma && POINT_NUMBER.test(cell))
    return `${shown} has a point, where other decimals of the table begin with a comma; write all in one way`;
  if (/^[-+]?\d+,\d+$/.test(cell))
    return `${shown} has a comma, where other decimals of the table begin with a point; write all in one way`;
  if (separator === ',' && /^[-+]?\d[\d.]*\s*[^\d\s.,]/.test(cell))
    return `${shown} is not a number; if that is its unit, say so in a map: sentinel source check FILE writes one`;
  return `${shown} is not a number; leave a missing value empty`;
};

/** A cell that holds something, which is taken as missing: a word for it, or an infinity. */
export type OddCell = Readonly<{ row: string; column: string; said: string }>;

/** What is wrong with a cell, with its place. */
export const cellFault = (
  { place }: Pick<Table, 'place'>,
  block: RowBlock,
  row: number,
  { name }: Column,
  message: string,
): TableError => new TableError(`${place} ${block.line(row)}, column ${name}: ${message}`);

/** The value of a cell that is no plain number: another number, with its unit where a rule names it, or missing. */
const wordReader =
  (table: Table, onOdd: (cell: OddCell) => void) =>
  (block: RowBlock, row: number, column: Column, rule: SensorRule | null): number | null => {
    const { style, place } = table;
    const text = block.text(row, column.index);
    const unit = rule?.unit ?? null;
    const bare = unit !== null && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text;
    const value = readNumberCell(bare, style.hasDecimalComma, style.hasThousands);
    if (value === undefined) throw cellFault(table, block, row, column, numberFault(text, style));
    if (value === null && text !== '')
      onOdd({ row: `${place} ${block.line(row)}`, column: column.name, said: text.slice(0, 40) });
    return value;
  };

/** Reads a number with what a rule makes of it; null is missing. */
export const cellReader = (table: Table, onOdd: (cell: OddCell) => void = () => undefined) => {
  const wordOf = wordReader(table, onOdd);
  return (block: RowBlock, row: number, column: Column, rule: SensorRule | null): number | null => {
    const plain = block.number(row, column.index);
    const value = Number.isNaN(plain) ? wordOf(block, row, column, rule) : plain;
    return value === null || rule === null ? value : rule.convert(value);
  };
};

/** Throws a TableError where a row has not as many cells as there are columns. */
export const checkWidth = ({ header, place }: Table, block: RowBlock, row: number): void => {
  const width = block.width(row);
  if (width === header.length) return;
  // LabVIEW names a column for comments, and writes it where there is one.
  if (width === header.length - 1 && header.at(-1) === 'Comment') return;
  const cells = `${width} cells under ${header.length} column names`;
  throw new TableError(`${place} ${block.line(row)}: ${cells}`);
};

/** What historians call a value that is none. */
export const BAD = /^(bad|uncertain)/i;

/** Reads the sensors of a row, in the order of SENSORS. */
export const sensorReader = (
  table: Table,
  { sensors, quality }: Columns,
  onOdd?: (cell: OddCell) => void,
): ((block: RowBlock, row: number) => (number | null)[]) => {
  const numberOf = cellReader(table, onOdd);
  const isGood = (block: RowBlock, row: number, { quality, rule }: SensorColumn): boolean =>
    quality === null || (rule?.quality?.good.includes(block.text(row, quality.index).toLowerCase()) ?? true);
  const read = (block: RowBlock, row: number, column: SensorColumn | null): number | null =>
    column === null || !isGood(block, row, column) ? null : numberOf(block, row, column, column.rule);
  return (block, row) => {
    checkWidth(table, block, row);
    if (quality !== null && BAD.test(block.text(row, quality.index))) return sensors.map(() => null);
    const values: (number | null)[] = [];
    for (const column of sensors) values.push(read(block, row, column));
    return values;
  };
};

/** Takes out of a sample the values that have stood still for longer than a rule allows. */
export const stuckFilter = ({
  sensors,
}: Columns): ((cylinder: string, t: number, values: (number | null)[]) => void) => {
  const isStuck = createStuckGuard();
  const guarded = sensors.flatMap((column, index) =>
    column?.rule?.stuckMs == null ? [] : [{ index, name: column.name, mostMs: column.rule.stuckMs }],
  );
  return (cylinder, t, values) => {
    for (const { index, name, mostMs } of guarded) {
      const value = values[index] ?? null;
      if (value !== null && isStuck(`${cylinder} ${name}`, t, value, mostMs)) values[index] = null;
    }
  };
};
