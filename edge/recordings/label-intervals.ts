import { AUTO_TIME, readTime, type TimeStyle, timeFault } from '../../domain/message/read-time.ts';
import { type Table, TableError } from './table.ts';

/** Whether a cylinder was truly abnormal at a time, ms. */
export type LabelIntervals = (cylinder: string, t: number) => boolean;

const BEGIN = /^(begin|start|from|onset|beginn|von)([ _-]?(time|ts|timestamp|zeit))?$/i;
const END = /^(end|stop|to|until|ende|bis)([ _-]?(time|ts|timestamp|zeit))?$/i;
const CYLINDER = /^(cylinder|machine|asset|device|maschine|zylinder)([ _-]?(id|name))?$/i;

/** Whether a line names the columns of a table of intervals. */
export const isIntervalHeader = (names: readonly string[]): boolean =>
  names.some((name) => BEGIN.test(name)) && names.some((name) => END.test(name));

/**
 * Reads the intervals in which cylinders were abnormal, one a row: begin, end, and the cylinder where there are several.
 * Both ends belong to it; without an end it is the moment of its begin. Throws a TableError.
 */
export const readLabelIntervals = async (
  table: Table,
  style: TimeStyle = AUTO_TIME,
): Promise<LabelIntervals> => {
  const { header, place } = table;
  const [begin, end, cylinder] = [BEGIN, END, CYLINDER].map((word) =>
    header.findIndex((name) => word.test(name)),
  );
  if (begin === undefined || begin < 0 || end === undefined || end < 0)
    throw new TableError(`line 1: intervals need the columns begin and end; found: ${header.join(', ')}`);
  const intervals: Readonly<{ beginMs: number; endMs: number; of: string | null }>[] = [];
  for await (const block of table.blocks)
    for (let row = 0; row < block.count; row++) {
      const timeOf = (column: number): number => {
        const text = block.text(row, column);
        const ms = readTime(text, style);
        if (ms !== null) return ms;
        throw new TableError(`${place} ${block.line(row)}, column ${header[column]}: ${timeFault(text)}`);
      };
      const beginMs = timeOf(begin);
      const endMs = block.text(row, end) === '' ? beginMs : timeOf(end);
      if (endMs < beginMs) throw new TableError(`${place} ${block.line(row)}: its end is before its begin`);
      const of = cylinder === undefined || cylinder < 0 ? null : block.text(row, cylinder);
      intervals.push({ beginMs, endMs, of });
    }
  return (name, t) =>
    intervals.some(({ beginMs, endMs, of }) => t >= beginMs && t <= endMs && (of === null || of === name));
};
