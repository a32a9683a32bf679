import { sensorConversion } from '../../domain/mapping/convert-sensor.ts';
import { unitFault } from '../../domain/mapping/sensor-units.ts';
import { TIME_FIELDS } from '../../domain/message/event-time.ts';
import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { type RowBlock, type SensorRule, TableError, type TableMap } from './table.ts';

/** A column by its name and its place in a row, from 0. */
export type Column = Readonly<{ name: string; index: number }>;

/** A column with the values of a sensor. */
export type SensorColumn = Column & Readonly<{ rule: SensorRule | null; quality: Column | null }>;

/** Where a table keeps what is wanted; `sensors` in the order of SENSORS, null for what it need not have. */
export type Columns = Readonly<{
  /** The columns that make up a time, such as a date and a clock; the last of them stands for it. */
  clocks: readonly Column[];
  time: Column | null;
  sensors: readonly (SensorColumn | null)[];
  cylinder: Column | null;
  label: Column | null;
  /** Of a table with a row for each time: whether a historian calls the row bad. */
  quality: Column | null;
  /** Columns that may tell several machines apart, where none is known to. */
  suspects: readonly Column[];
  /** Of a table with one row for each metric: which metric, how much, and whether a historian calls it bad. */
  long: Readonly<{ metric: Column; value: Column; quality: Column | null }> | null;
}>;

const TIME_NAMES = [...new Set(['ts', 'time', 't', 'timestamp', ...TIME_FIELDS])];
/** What databases, historians and spreadsheets call a time. */
const TIME_WORDS =
  /^(_?time|_?timestamp|ts|t_?stamp|%time|time[ _]?string|x_value|date[ _-]?time|date[ _]?(and|\/)?[ _]?time|zeit(stempel|punkt)?|datum[ _/]?(und )?(uhr)?zeit|horodatage|fecha[ _]?hora|@timestamp|(created|recorded)[ _]?at|event[ _]?time|(time|timestamp|ts)[ _](utc|s|ms|us|ns)|unix([ _]?time(stamp)?)?|epoch([ _]?(s|ms|us|ns))?|일시|시간|시각|時刻|日時)( ?[([](utc|gmt|z|s|sec|ms|hh:mm:ss)[)\]])?$/i;
/** A first column without a name, as programs write the index of their rows. */
const INDEX_NAMES = /^(|index|unnamed: ?0|__index_level_0__)$/i;
const DATE_WORDS = /^(date|datum|fecha)$/i;
const CLOCK_WORDS = /^(time|clock|uhrzeit|zeit|hora|heure)$/i;
const MS_WORDS = /^(ms|msec|millis(econds?)?|millisekunden?)$/i;
const SECONDS_WORDS = /^((time|timestamp)[ _]?)?(sec|secs|seconds)$/i;
const NS_WORDS = /^((time|timestamp)[ _]?)?(nsecs?|nanos|nanosec(onds)?|nano_offset|offset_?in_?nanos)$/i;
const PARTS = [/^year$/i, /^month$/i, /^day$/i, /^hour$/i, /^min(ute)?$/i, /^sec(ond)?$/i] as const;
const LABEL_NAMES = ['label', 'anomaly'];
const MACHINE_WORDS =
  /^(tags|topic|cylinder|zylinder|cyl|machine|maschine|asset|device|ger(ä|ae)t|equipment|sensor|node|station|press|pump|motor|axis|unit|host|channel)[ _-]?(id|name|no|nr|num|number|nummer|serial)?$/i;
const METRIC_WORDS =
  /^(_?field|metric|measure(ment)?|tag|tag[ _]?name|_?name|var[ _]?name|alias|property([ _]?(alias|id))?|variable|signal|parameter|point|sensor)[ _]?(id|name)?$/i;
const QUALITY_WORDS = /^(opc[ _-]?|_)?(quality|validity|status)$/i;
const VALUE_WORDS = /^(_?value|var[ _]?value|double[ _]?value|val|wert|reading)$/i;

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

/** The columns of a time by the names that its parts have. */
const partColumns = (names: readonly string[]): readonly Column[] => {
  const named = (word: RegExp): Column | null => columnOf(names, (name) => word.test(name));
  const [seconds, ns] = [named(SECONDS_WORDS), named(NS_WORDS)];
  if (seconds !== null && ns !== null) return [seconds, ns];
  const parts = PARTS.flatMap((word) => named(word) ?? []);
  if (parts.length === PARTS.length) return parts;
  const date = named(DATE_WORDS);
  const clock = date === null ? null : named(CLOCK_WORDS);
  if (date === null || clock === null) return date === null ? [] : [date];
  const ms = named(MS_WORDS);
  return ms === null ? [date, clock] : [date, clock, ms];
};

/** The columns that make up the time; none where none is found. Throws a TableError where one that is named is missing. */
export const timeColumns = (names: readonly string[], { time }: TableMap): readonly Column[] => {
  if (time !== undefined) return time.map((name) => named(names, name));
  const parts = partColumns(names);
  if (parts.length > 1) return parts;
  const found =
    firstOf(names, TIME_NAMES) ?? columnOf(names, (name) => TIME_WORDS.test(name)) ?? parts[0] ?? null;
  if (found !== null) return [found];
  const [first = 'none'] = names;
  return INDEX_NAMES.test(first) ? [{ name: first, index: 0 }] : [];
};

/** The text of a time in a row, its parts with blanks between. */
export const clockText = (block: RowBlock, row: number, clocks: readonly Column[]): string =>
  clocks.length === 1
    ? block.text(row, clocks[0]?.index ?? 0)
    : clocks.map(({ index }) => block.text(row, index)).join(' ');

/** A column that a person named: it must be there. */
const named = (names: readonly string[], wanted: string): Column => {
  const found = firstOf(names, [wanted]);
  if (found !== null) return found;
  throw new TableError(`line 1: there is no column ${wanted}; found: ${listed(names)}`);
};

const listed = (names: readonly string[]): string => names.join(', ').slice(0, 300);

/** Which columns hold the names of metrics and their values, by what those are called; null where none do. */
export const longColumns = (names: readonly string[], map: TableMap): Columns['long'] => {
  const quality = columnOf(names, (name) => QUALITY_WORDS.test(name));
  if (map.long !== undefined)
    return { metric: named(names, map.long.metric), value: named(names, map.long.value), quality };
  const metric = columnOf(names, (name) => METRIC_WORDS.test(name));
  const value = columnOf(names, (name) => VALUE_WORDS.test(name));
  const isWide = SENSORS.some(
    (sensor) => sensorColumn(names, sensor, map.sensors?.[sensor] ?? null) !== null,
  );
  return metric === null || value === null || isWide ? null : { metric, value, quality };
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
    const known = SENSORS.filter(
      (sensor) => sensorColumn(names, sensor, map.sensors?.[sensor] ?? null) !== null,
    );
    const hasTime = timeColumns(names, map).length > 0;
    return known.length >= 2 || (hasTime && (known.length === 1 || longColumns(names, map) !== null));
  };

const withoutMarks = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');

/** The name of a column without the unit behind it, `Temp [°F]`, where the unit is one of the sensor. */
const sensorColumn = (names: readonly string[], sensor: Sensor, rule: SensorRule | null): Column | null => {
  const found = firstOf(names, [rule?.from ?? sensor]);
  if (found !== null || rule !== null) return found;
  return columnOf(
    names,
    (name) => withoutMarks(unitInName(name, sensor)?.bare ?? name) === withoutMarks(sensor),
  );
};

const unitInName = (name: string, sensor: Sensor): Readonly<{ bare: string; unit: string }> | null => {
  const [, bare = '', said = ''] = /^(.+?)\s*[[(]([^\])]+)[\])]$/.exec(name) ?? [];
  const unit = said.trim().replace(/ rms$/i, '');
  return bare !== '' && unitFault(sensor, unit, {}) === null ? { bare, unit } : null;
};

/** What becomes of numbers in the unit that the name of their column ends in. */
const ruleOfName = (name: string, sensor: Sensor): SensorRule | null => {
  const named = unitInName(name, sensor);
  if (named === null) return null;
  const convert = sensorConversion(sensor, { from: name, unit: named.unit });
  return { from: name, convert, unit: null, quality: null, stuckMs: null };
};

const sensorColumns = (names: readonly string[], map: TableMap): Columns['sensors'] =>
  SENSORS.map((sensor) => {
    const rule = map.sensors?.[sensor] ?? null;
    const column = sensorColumn(names, sensor, rule);
    const quality = rule?.quality == null ? null : named(names, rule.quality.from);
    return column === null ? null : { ...column, rule: rule ?? ruleOfName(column.name, sensor), quality };
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
  const clocks = timeColumns(names, map);
  const time = clocks.at(-1) ?? null;
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
  const taken = [...clocks, cylinder, label, long?.metric ?? null, long?.value ?? null, ...sensors];
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
  const quality = long === null ? columnOf(names, (name) => /^(opc[ _-]?)?quality$/i.test(name)) : null;
  return { clocks, time, sensors, cylinder, label, quality, suspects, long };
};
