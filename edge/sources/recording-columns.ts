import { SENSORS } from '../../domain/message/sample.ts';

export const TIME_COLUMNS = ['ts', 'time', 't', 'timestamp', 'sDateTime', 'timeInSeconds'] as const;

/** A column by its name and its place in a row, from 0. */
export type Column = Readonly<{ name: string; index: number }>;

/** Where a recording keeps what is needed; `sensors` in the order of SENSORS, null for what it need not have. */
export type Columns = Readonly<{
  time: Column;
  sensors: readonly Column[];
  cylinder: Column | null;
  label: Column | null;
  /** How many cells a row has. */
  count: number;
}>;

export type ColumnsReading =
  | Readonly<{ ok: true; columns: Columns }>
  | Readonly<{ ok: false; message: string }>;

/** Finds the columns by the names in a recording's first line, or says which are missing or named twice. */
export const findColumns = (header: readonly string[]): ColumnsReading => {
  const names = header.map((name) => name.trim());
  const find = (name: string): Column | null => {
    const index = names.indexOf(name);
    return index === -1 ? null : { name, index };
  };
  const twice = names.find((name, index) => isWanted(name) && names.indexOf(name) !== index);
  if (twice !== undefined) return { ok: false, message: `line 1: column ${twice} is named twice` };

  const time = TIME_COLUMNS.map(find).find((column) => column !== null);
  const sensors = SENSORS.map(find);
  const missing: string[] = SENSORS.filter((_, index) => sensors[index] === null);
  if (time === undefined) missing.unshift(`a time (${TIME_COLUMNS.join(', ')})`);
  if (time === undefined || missing.length > 0) {
    return {
      ok: false,
      message: `line 1: missing column${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}; found: ${names.join(', ').slice(0, 300)}`,
    };
  }
  return {
    ok: true,
    columns: {
      time,
      sensors: sensors.filter((column) => column !== null),
      cylinder: find('cylinder'),
      label: find('anomaly'),
      count: names.length,
    },
  };
};

const isWanted = (name: string): boolean =>
  [...SENSORS, ...TIME_COLUMNS, 'cylinder', 'anomaly'].some((wanted) => wanted === name);
