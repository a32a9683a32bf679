import { open } from 'node:fs/promises';
import { openTable, recordingFile } from '../../backtest/recordings/open-table.ts';
import { samplingWarnings } from '../../backtest/sampling-warnings.ts';
import { DEFAULT_BOOK } from '../../domain/alarm/policy/policy-book.ts';
import { readMapping } from '../../domain/mapping/mapping.ts';
import { SENSOR_UNITS, SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { findColumns, longColumns } from '../../edge/recordings/columns.ts';
import { guessMap, type MapGuess } from '../../edge/recordings/guess-map.ts';
import { fileFault, fileSamples } from '../../edge/recordings/recording.ts';
import { createSpacings } from '../../edge/recordings/spacing.ts';
import { type Table, type TableMap, tableMapOf } from '../../edge/recordings/table.ts';
import type { SourceSample } from '../../edge/sources/source.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Beyond these a sensor of a cylinder is more likely read by a wrong unit or scale. */
export const PLAUSIBLE: Readonly<Record<Sensor, readonly [least: number, most: number]>> = {
  rVibration_Temp: [-40, 150],
  rVibration_Z_RMS_Velocity: [0, 100],
  rVibration_X_RMS_Velocity: [0, 100],
  wRMSCurrent: [0, 200],
  wCurrentLoad: [0, 200],
  wEncoderVelocity: [-20_000, 20_000],
};

/** Whether a file holds messages, one a line, and no table: those begin with a brace or a bracket. */
export const isMessages = async (file: string): Promise<boolean> => {
  const handle = await open(file).catch((cause: unknown) => {
    throw new UsageError(fileFault(file, cause), { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^[\s\uFEFF]*[[{]/.test(buffer.subarray(0, bytesRead).toString('utf8'));
  } catch (cause) {
    throw new UsageError(fileFault(file, cause), { cause });
  } finally {
    await handle.close();
  }
};

/** What was understood of a table, as lines, and what stopped it, if anything did. */
export type TableCheck = Readonly<{
  lines: readonly string[];
  fault: string | null;
  /** Whether it is one at all, of which a map can be guessed. */
  isTable: boolean;
}>;

const GAP_STEPS = 5;
const MOST_NAMED = 5;
const GLANCE_ROWS = 1000;

type Range = { least: number; most: number; missing: number };

const SEPARATORS = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;

const styleText = ({ style, place, header }: Table): string =>
  place === 'row'
    ? `Parquet, ${header.length} columns`
    : `CSV by ${SEPARATORS[style.separator]}, decimals with a ${style.hasDecimalComma ? 'comma' : 'point'}, ${header.length} columns`;

const rangeLine = (index: number, { least, most, missing }: Range): string => {
  const sensor = SENSORS[index] ?? SENSORS[0];
  const { unit, digits } = SENSOR_UNITS[sensor];
  const isThere = least <= most;
  const [low, high] = PLAUSIBLE[sensor];
  const range = isThere ? `${least.toFixed(digits)} … ${most.toFixed(digits)} ${unit}` : 'never there';
  const doubt = isThere && (least < low || most > high) ? '; looks wrong by a unit or a scale' : '';
  return `  ${sensor.padEnd(26)} ${range}${isThere && missing > 0 ? `, ${missing} missing` : ''}${doubt}`;
};

/** Gathers what a table holds, sample by sample. */
const createCounts = () => {
  const ranges = SENSORS.map((): Range => ({ least: Infinity, most: -Infinity, missing: 0 }));
  const spacings = createSpacings();
  const last = new Map<string, number>();
  const steps = new Map<string, number[]>();
  let [samples, firstMs, lastMs, abnormal, labelled] = [0, Infinity, -Infinity, 0, 0];
  const take = (sample: SourceSample): void => {
    const { cylinder, t, values, label } = sample;
    samples += 1;
    firstMs = Math.min(firstMs, t);
    lastMs = Math.max(lastMs, t);
    labelled += label === null ? 0 : 1;
    abnormal += label === true ? 1 : 0;
    spacings.add(sample);
    const before = last.get(cylinder);
    last.set(cylinder, t);
    const longest = steps.get(cylinder) ?? [];
    steps.set(cylinder, longest);
    if (before !== undefined) {
      longest.push(t - before);
      // The longest are enough to know the gaps by; a few hundred of them are kept.
      if (longest.length > 1000) longest.sort((a, b) => b - a).splice(300);
    }
    for (const [index, range] of ranges.entries()) {
      const value = values[index] ?? null;
      if (value === null) range.missing += 1;
      else {
        range.least = Math.min(range.least, value);
        range.most = Math.max(range.most, value);
      }
    }
  };
  const lines = (): readonly string[] => {
    const typical = spacings.typical();
    const names = [...typical.keys()];
    const gaps = [...steps].flatMap(([name, its]) =>
      its.filter((step) => step > GAP_STEPS * (typical.get(name) ?? Infinity)),
    );
    const periods = [...new Set([...typical.values()].flatMap((ms) => (ms === null ? [] : Math.round(ms))))];
    const period = periods.slice(0, MOST_NAMED).map((ms) => `${Number((ms / 1000).toPrecision(3))} s`);
    const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
    return [
      `${samples} samples of ${names.length} cylinder${names.length === 1 ? '' : 's'}: ${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ' …' : ''}`,
      `  ${utcText(firstMs)} to ${utcText(lastMs)}${period.length === 0 ? '' : `, one each ${period.join(', ')}`}`,
      `  gaps: ${gaps.length === 0 ? 'none' : `${gaps.length}, the longest ${durationText(longest)}`}`,
      ...ranges.map((range, index) => rangeLine(index, range)),
      `  labels: ${labelled === 0 ? 'none' : `${abnormal} of ${labelled} abnormal`}`,
      ...samplingWarnings(typical, DEFAULT_BOOK.of).map((warning) => `warning: ${warning}`),
    ];
  };
  return { take, lines };
};

/** What is understood of a table in a file, by a map or without one. */
export const checkTable = async (path: string, map: TableMap = {}): Promise<TableCheck> => {
  const lines: string[] = [];
  try {
    const table = await openTable(path, map);
    lines.push(`${path}: ${styleText(table)}`);
    const columns = findColumns(table.header, { needsTime: true, map });
    const beside = (map.devices ?? []).map(({ map: own }) =>
      columns.long === null ? findColumns(table.header, { needsTime: false, map: own }).sensors : [],
    );
    const { clocks, cylinder, label, quality, sensors } = columns;
    const taken = [...clocks, cylinder, label, quality, ...sensors, ...beside.flat()];
    const other = table.header.filter(
      (name, index) => name !== '' && !taken.some((one) => one?.index === index),
    );
    const cylinderText =
      map.devices === undefined ? (cylinder?.name ?? 'the name of the file') : 'by the names of columns';
    lines.push(
      `  time: ${clocks.map(({ name }) => name || 'the first column').join(' and ')}; cylinder: ${cylinderText}; label: ${label?.name ?? 'none'}`,
      ...(columns.long === null && other.length > 0 ? [`  not used: ${other.join(', ')}`] : []),
    );
    const counts = createCounts();
    for await (const samples of fileSamples(recordingFile(path, map)))
      for (const sample of samples) counts.take(sample);
    return { lines: [...lines, ...counts.lines()], fault: null, isTable: true };
  } catch (error) {
    return { lines, fault: fileFault(path, error), isTable: lines.length > 0 };
  }
};

/** A first map of a table, and whether it would be understood by it. */
export const guessTableMap = async (path: string): Promise<MapGuess & Readonly<{ check: TableCheck }>> => {
  const table = await openTable(path);
  const rows: string[][] = [];
  const metric = longColumns(table.header, {})?.metric.index;
  const metrics = new Set<string>();
  for await (const block of table.blocks) {
    for (let row = 0; row < block.count; row++) {
      if (rows.length < GLANCE_ROWS) rows.push(table.header.map((_, column) => block.text(row, column)));
      // Each metric may stand in a part of its own.
      if (metric !== undefined && metrics.size < GLANCE_ROWS) metrics.add(block.text(row, metric));
    }
    if (rows.length >= GLANCE_ROWS && metric === undefined) break;
  }
  const guess = guessMap({ ...table, rows, metrics: [...metrics] });
  const reading = readMapping(guess.map);
  const check = await checkTable(path, reading.ok ? tableMapOf(reading.mapping) : {});
  return { ...guess, check };
};
