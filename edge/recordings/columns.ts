import { TIME_FIELDS } from '../../domain/message/read-time.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { type SensorRule, TableError, type TableMap } from './table.ts';

/** A column by its name and its place in a row, from 0. */
export type Column = Readonly<{ name: string; index: number }>;

/** A column with the values of a sensor. */
export type SensorColumn = Column & Readonly<{ rule: SensorRule | null; quality: Column | null }>;

/** Where a table keeps what is wanted; `sensors` in the order of SENSORS, null for what it need not have. */
export type Columns = Readonly<{
  /** The column with the date where it is not that of the time. */
  date: Column | null;
  time: Column | null;
  sensors: readonly (SensorColumn | null)[];
  cylinder: Column | null;
  label: Column | null;
  /** Columns that may tell several machines apart, where none is known to. */
  suspects: readonly Column[];
  /** Of a table with one row for each metric: which metric, and how much. */
  long: Readonly<{ metric: Column; value: Column }> | null;
}>;

const TIME_NAMES = ['ts', 'time', 't', 'timestamp', ...TIME_FIELDS];
/** What databases, historians and spreadsheets call a time. */
const TIME_WORDS =
  /^(_?time|_?timestamp|ts|date[ _-]?time|date[ _]?(and|\/)?[ _]?time|zeit(stempel|punkt)?|datum[ _/]?(und )?(uhr)?zeit|horodatage|fecha[ _]?hora)( ?[([](utc|gmt|z)[)\]])?$/i;
const DATE_WORDS = /^(date|datum|fecha)$/i;
const CLOCK_WORDS = /^(time|clock|uhrzeit|zeit|hora|heure)$/i;
const LABEL_NAMES = ['label', 'anomaly'];
const MACHINE_WORDS =
  /^(cylinder|zylinder|cyl|machine|maschine|asset|device|ger(ä|ae)t|equipment|sensor|node|station|press|pump|motor|axis|unit|host|channel)[ _-]?(id|name|no|nr|num|number|nummer|serial)?$/i;
const METRIC_WORDS =
  /^(_?field|metric|measure(ment)?|tag|tag[ _]?name|name|variable|signal|parameter|point|sensor)[ _]?(id|name)?$/i;
const VALUE_WORDS = /^(_?value|val|wert|reading)$/i;

const columnOf = (names: readonly string[], isNamed: (name: string) => boolean): Column | null => {
  const index = names.findIndex(isNamed);
  const name = names[index];
  return name === undefined ? null : { name, index };
};

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const firstOf = (names: readonly string[], wanted: readonly string[]): Column | null => {
  for (const name of wanted) {
    const found = columnOf(names, (other) => other === name);
    if (found !== null) return found;
  }
  return columnOf(names, (name) => wanted.some((other) => isSame(name, other)));
};

/** What is wanted of a table: whether it must tell times, and what is said of where things are. */
export type Wanted = Readonly<{ needsTime: boolean; map?: TableMap }>;

const sensorName = (sensor: Sensor, map: TableMap): string => map.sensors?.[sensor]?.from ?? sensor;

const timeColumns = (names: readonly string[], { time }: TableMap) => {
  if (time === undefined) {
    const found =
      firstOf(names, TIME_NAMES) ??
      columnOf(names, (name) => TIME_WORDS.test(name)) ??
      columnOf(names, (name) => DATE_WORDS.test(name));
    const isClock = found !== null && CLOCK_WORDS.test(found.name);
    return { time: found, date: isClock ? columnOf(names, (name) => DATE_WORDS.test(name)) : null };
  }
  const [first = '', second] = time;
  if (second === undefined) return { time: named(names, first), date: null };
  return { time: named(names, second), date: named(names, first) };
};

/** A column that a person named: it must be there. */
const named = (names: readonly string[], wanted: string): Column => {
  const found = firstOf(names, [wanted]);
  if (found !== null) return found;
  throw new TableError(`line 1: there is no column ${wanted}; found: ${listed(names)}`);
};

const listed = (names: readonly string[]): string => names.join(', ').slice(0, 300);

const longColumns = (names: readonly string[], map: TableMap): Columns['long'] => {
  if (map.long !== undefined)
    return { metric: named(names, map.long.metric), value: named(names, map.long.value) };
  const metric = columnOf(names, (name) => METRIC_WORDS.test(name));
  const value = columnOf(names, (name) => VALUE_WORDS.test(name));
  const isWide = SENSORS.some((sensor) => firstOf(names, [sensorName(sensor, map)]) !== null);
  return metric === null || value === null || isWide ? null : { metric, value };
};

/** Whether a line names columns that are wanted: the time, and a sensor or what it is called. */
export const isHeader =
  (map: TableMap = {}) =>
  (names: readonly string[]): boolean => {
    if (map.long !== undefined || (map.time ?? []).length > 0)
      return [
        ...(map.time ?? []),
        ...(map.long === undefined ? [] : [map.long.metric, map.long.value]),
      ].every((name) => firstOf(names, [name]) !== null);
    const known = SENSORS.filter((sensor) => firstOf(names, [sensorName(sensor, map)]) !== null);
    const hasTime = timeColumns(names, map).time !== null;
    return known.length >= 2 || (hasTime && (known.length === 1 || longColumns(names, map) !== null));
  };

const sensorColumns = (names: readonly string[], map: TableMap): Columns['sensors'] =>
  SENSORS.map((sensor) => {
    const rule = map.sensors?.[sensor] ?? null;
    const column = firstOf(names, [sensorName(sensor, map)]);
    const quality = rule?.quality == null ? null : named(names, rule.quality.from);
    return column === null ? null : { ...column, rule, quality };
  });

/** The sensors that must be there and are not: all six, but those that a map which names others leaves out. */
const missingSensors = (sensors: Columns['sensors'], map: TableMap): readonly string[] => {
  const isPartial = Object.keys(map.sensors ?? {}).length > 0 && sensors.some((column) => column !== null);
  return SENSORS.flatMap((sensor, index) =>
    sensors[index] !== null || (isPartial && map.sensors?.[sensor] === undefined)
      ? []
      : [sensorName(sensor, map)],
  );
};

/** Finds the columns by their names; throws a TableError that says which are missing or there twice. */
export const findColumns = (names: readonly string[], { needsTime, map = {} }: Wanted): Columns => {
  const { time, date } = timeColumns(names, map);
  const long = longColumns(names, map);
  const sensors = long === null ? sensorColumns(names, map) : SENSORS.map(() => null);
  const missing = long === null ? [...missingSensors(sensors, map)] : [];
  if (needsTime && time === null) missing.unshift(`a time (${TIME_NAMES.slice(0, 6).join(', ')})`);
  if (missing.length > 0) {
    const which = `missing column${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}`;
    throw new TableError(`line 1: ${which}; found: ${listed(names)}`);
  }
  const { cylinder: said } = map;
  const isFixed = said !== undefined && 'name' in said;
  const cylinder =
    said === undefined ? firstOf(names, ['cylinder']) : 'column' in said ? named(names, said.column) : null;
  const label = map.label === undefined ? firstOf(names, LABEL_NAMES) : named(names, map.label.column);
  const taken = [time, date, cylinder, label, long?.metric ?? null, long?.value ?? null, ...sensors];
  for (const column of taken)
    if (column !== null && names.indexOf(column.name) !== names.lastIndexOf(column.name))
      throw new TableError(`line 1: column ${column.name} is named twice; keep one`);
  const others = names.map((name, index) => ({ name, index }));
  const suspects =
    cylinder !== null || isFixed
      ? []
      : others.filter(
          ({ name, index }) => MACHINE_WORDS.test(name) && !taken.some((column) => column?.index === index),
        );
  return { date, time, sensors, cylinder, label, suspects, long };
};
