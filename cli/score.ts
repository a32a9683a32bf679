import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { openTable } from '../backtest/recordings/open-table.ts';
import { SENSORS, type SensorValues } from '../domain/message/sample.ts';
import { scoresInOrder } from '../edge/model/deviation.ts';
import { contributions } from '../edge/model/explain/contributions.ts';
import type { Model, TreeChoice } from '../edge/model/model.ts';
import { prediction, score } from '../edge/model/predict/score.ts';
import { float32Text } from '../edge/model/predict/single-precision.ts';
import { findColumns, isHeader } from '../edge/recordings/columns.ts';
import { openCsvTable } from '../edge/recordings/csv-table.ts';
import { fileFault } from '../edge/recordings/recording.ts';
import { sensorReader } from '../edge/recordings/sensor-reader.ts';
import { type RowBlock, TableError, type TableMap, tableMapOf } from '../edge/recordings/table.ts';
import { mapOption, readMapFile } from './options/map-file.ts';
import { openModel, treesOption } from './options/open-model.ts';
import { UsageError } from './terminal/usage-error.ts';

// Rows are written in portions: one system call for each row would cost more than scoring it.
const PORTION_CHARACTERS = 1 << 16;
const CONTRIBUTION_COLUMNS = [...SENSORS, 'bias'].map((name) => `,contrib_${name}`).join('');

type Options = Readonly<{
  model: string;
  input?: string;
  map?: string;
  trees?: TreeChoice;
  contributions?: boolean;
}>;

/** `sentinel score`: margin and probability of each row of a CSV table on standard input. */
export const scoreCommand = (): Command =>
  new Command('score')
    .description('score the rows of a table (CSV on standard input, or a file): margin,probability for each')
    .requiredOption('--model <path>', 'an XGBoost model: a file or a folder')
    .option('--input <file>', 'a table in CSV or Parquet (default: CSV on standard input)')
    .addOption(mapOption())
    .addOption(treesOption())
    .option('--contributions', "add each sensor's contribution to the log-odds, and what all rows begin with")
    .addHelpText(
      'after',
      '\nThe table has a header with the six sensors among its columns; an empty cell is a missing value.' +
        '\nA model with baselines takes the first rows of each cylinder as its sound state.' +
        '\nNumbers are printed so that they read back to the same single-precision number.',
    )
    .action(async ({ model: path, input, map, trees, contributions: explained = false }: Options) => {
      const [model, mapping] = [await openModel(path, trees), await readMapFile(map)];
      const asked = { model, explained, map: mapping && tableMapOf(mapping), output: process.stdout };
      const fault = await scoreTable({ ...asked, input: input ?? process.stdin });
      if (input === undefined) process.stdin.destroy();
      if (fault !== null) throw new UsageError(fault);
    });

/** A table to score and where the answers go; `explained` adds the contributions. */
export type Table = Readonly<{
  model: Model;
  explained: boolean;
  /** CSV, or the path of a file. */
  input: Readable | string;
  map?: TableMap | undefined;
  output: Writable;
}>;

/** Scores a table from one stream to another at the pace of the slower; the fault that ended it, or null. */
export const scoreTable = async (table: Table): Promise<string | null> => {
  const { output } = table;
  const ending: { fault: string | null } = { fault: null };
  const lines = scoredPortions(table, (fault) => {
    ending.fault = fault;
  });
  try {
    await pipeline(Readable.from(lines), output, { end: false });
  } catch (error) {
    // Whoever reads may stop early, as `head` does.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
  return ending.fault;
};

async function* scoredPortions(table: Table, onFault: (message: string) => void): AsyncGenerator<string> {
  const { model, explained } = table;
  // The prediction of binary:logitraw is its margin.
  const prediction = model.objective === 'binary:logitraw' ? 'prediction' : 'probability';
  let portion = `margin,${prediction}${explained ? CONTRIBUTION_COLUMNS : ''}\n`;
  try {
    const { input, map = {} } = table;
    if (map.devices !== undefined)
      throw new TableError(
        'devices of the map are several cylinders in a row, and score answers each row once: give a map of one',
      );
    const rows =
      typeof input === 'string'
        ? await openTable(input, map)
        : await openCsvTable(input, { ...map, isHeader: isHeader(map) });
    const columns = findColumns(rows.header, { needsTime: false, map });
    const valuesOf = sensorReader(rows, columns);
    const cylinderOf = (block: RowBlock, row: number) =>
      columns.cylinder === null ? '' : block.text(row, columns.cylinder.index);
    const inputsOf = scoresInOrder(model.baseline, (values) => values);
    for await (const block of rows.blocks) {
      for (let row = 0; row < block.count; row++) {
        const values = inputsOf(valuesOf(block, row), cylinderOf(block, row));
        portion += answer(model, values);
        if (explained) portion += explanation(model, values);
        portion += '\n';
        if (portion.length < PORTION_CHARACTERS) continue;
        yield portion;
        portion = '';
      }
    }
  } catch (error) {
    if (typeof table.input === 'string') return onFault(fileFault(table.input, error));
    if (!(error instanceof TableError)) throw error;
    onFault(/^(line|row) \d/.test(error.message) ? error.message : `the table ${error.message}`);
  }
  yield portion;
}

const answer = (model: Model, values: SensorValues): string => {
  const scored = score(model, values);
  const margin = scored.margin === null ? '' : float32Text(scored.margin);
  return `${margin},${float32Text(prediction(model, scored))}`;
};

const explanation = (model: Model, values: SensorValues): string => {
  const { sensors, bias } = contributions(model, values);
  return [...sensors, bias].map((number) => `,${float32Text(Math.fround(number))}`).join('');
};
