import type { Mapping } from '../../domain/mapping/mapping.ts';
import { median } from '../../domain/median.ts';
import { SENSOR_UNITS, SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { printable } from '../../domain/printable.ts';
import type { SourceEvent, SourceSample } from '../../edge/sources/source.ts';
import { durationText } from '../../notification/time-text.ts';
import { PLAUSIBLE } from './check-table.ts';

type Column = { last: number | null; least: number; most: number; there: number; changes: number };
type Seen = { times: number[]; columns: Map<Sensor, Column> };

const CLOCK_OFF_MS = 5000;
/** So many equal values in a row are said to stand still: of a sensor that measures, the last digits move. */
const LEAST_TO_JUDGE = 5;
/** A float whose words are swapped is as a rule far below anything that is measured, or far above. */
const TINY = 1e-6;

const cell = (sensor: Sensor, column: Column | undefined): string => {
  if (column === undefined || column.last === null) return '—';
  return column.last.toFixed(SENSOR_UNITS[sensor].digits);
};

const remarksOf = (sensor: Sensor, column: Column | undefined, samples: number): readonly string[] => {
  if (column === undefined || column.there === 0) return [`${sensor} is missing`];
  const { unit, digits } = SENSOR_UNITS[sensor];
  const [low, high] = PLAUSIBLE[sensor];
  const remarks: string[] = [];
  if (column.there < samples)
    remarks.push(`${sensor} was missing in ${samples - column.there} of ${samples}`);
  if (column.least < low || column.most > high)
    remarks.push(
      `${sensor} ${column.least.toFixed(digits)} … ${column.most.toFixed(digits)} ${unit} is not plausible: a wrong unit, scale, register or order?`,
    );
  if (column.most > 0 && column.most < TINY)
    remarks.push(
      `${sensor} is ${column.most.toExponential(0)}, which no device measures: words or bytes in another order?`,
    );
  if (column.there >= LEAST_TO_JUDGE && column.changes === 0 && column.last !== 0)
    remarks.push(`${sensor} stands still`);
  return remarks;
};

/** Gathers what a live source gives, for a table of it. */
export const createProbe = (mapping: Mapping | undefined, now: () => number) => {
  const cylinders = new Map<string, Seen>();
  const faults = new Map<string, { count: number; first: string }>();
  const expected = SENSORS.filter((sensor) => mapping === undefined || mapping.sensors[sensor] !== undefined);
  const mapped = expected.length === 0 ? SENSORS : expected;
  const offs: number[] = [];

  const take = ({ cylinder, t, values }: SourceSample): void => {
    offs.push(t - now());
    const seen: Seen = cylinders.get(cylinder) ?? { times: [], columns: new Map() };
    cylinders.set(cylinder, seen);
    seen.times.push(t);
    for (const [index, sensor] of SENSORS.entries()) {
      const value = values[index] ?? null;
      if (value === null) continue;
      const column = seen.columns.get(sensor) ?? {
        last: null,
        least: Infinity,
        most: -Infinity,
        there: 0,
        changes: 0,
      };
      seen.columns.set(sensor, {
        last: value,
        least: Math.min(column.least, value),
        most: Math.max(column.most, value),
        there: column.there + 1,
        changes: column.changes + (column.last !== null && column.last !== value ? 1 : 0),
      });
    }
  };

  const onEvent = (event: SourceEvent): void => {
    if (event.kind === 'well') return;
    const reason = event.kind === 'failed' ? 'failed' : event.reason;
    // What is wrong with one device names it; what is wrong with the way to all of them does not.
    const first =
      reason === 'connection' || reason === 'failed' ? `${event.source}: ${event.message}` : event.message;
    const before = faults.get(`${reason} ${first}`);
    faults.set(`${reason} ${first}`, { count: (before?.count ?? 0) + 1, first });
  };

  const lines = (): readonly string[] => {
    const rows = [...cylinders].toSorted(([one], [other]) => one.localeCompare(other));
    const names = rows.map(([name]) => name.length);
    const width = Math.max(8, ...names) + 2;
    const head = `${'cylinder'.padEnd(width)}${mapped.map((sensor) => shortName(sensor).padStart(16)).join('')}${'period'.padStart(10)}`;
    const remarks: string[] = [];
    const table = rows.map(([name, { times, columns }]) => {
      const spaces = times.slice(1).map((t, index) => t - (times[index] ?? t));
      const period = median(spaces);
      for (const sensor of mapped)
        remarks.push(
          ...remarksOf(sensor, columns.get(sensor), times.length).map((remark) => `${name}: ${remark}`),
        );
      const cells = mapped.map((sensor) => cell(sensor, columns.get(sensor)).padStart(16)).join('');
      return `${name.padEnd(width)}${cells}${(period === null ? '—' : durationText(period)).padStart(10)}`;
    });
    const off = median(offs);
    if (off !== null && Math.abs(off) > CLOCK_OFF_MS)
      remarks.push(
        `samples are ${durationText(Math.abs(off))} ${off < 0 ? 'old' : 'ahead'} when they come: a clock that is wrong, or a zone (map "time")`,
      );
    return [
      ...(rows.length === 0 ? [] : [head, ...table]),
      ...remarks,
      ...[...faults.values()].map(
        ({ count, first }) => `${printable(first)}${count > 1 ? ` (${count} times)` : ''}`,
      ),
    ];
  };

  /** The cylinders that a map names and that said nothing. */
  const silent = (): readonly string[] =>
    [
      ...(mapping?.modbus?.devices ?? []),
      ...(mapping?.opcua?.devices ?? []),
      ...(mapping?.sparkplug?.devices ?? []),
    ]
      .map(({ cylinder }) => cylinder)
      .filter((name) => !cylinders.has(name));

  return { take, onEvent, lines, silent, cylinders: () => cylinders.size };
};

const SHORT: Readonly<Record<Sensor, string>> = {
  rVibration_Temp: 'temp',
  rVibration_Z_RMS_Velocity: 'Z',
  rVibration_X_RMS_Velocity: 'X',
  wRMSCurrent: 'current',
  wCurrentLoad: 'load',
  wEncoderVelocity: 'encoder',
};

const shortName = (sensor: Sensor): string => `${SHORT[sensor]} ${SENSOR_UNITS[sensor].unit}`;
