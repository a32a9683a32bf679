import { findColumns } from '../recordings/columns.ts';
import { tableSamples } from '../recordings/sample-rows.ts';
import type { OddCell } from '../recordings/sensor-reader.ts';
import { createSpacings } from '../recordings/spacing.ts';
import { type Table, TableError, type TableMap } from '../recordings/table.ts';
import { createPackedRows, type TimedRow } from './packed-rows.ts';

/** `remarks` say what was left out or taken as missing, with the line of the first. */
export type LabelledRowsResult = Readonly<
  | {
      ok: true;
      rows: readonly TimedRow[];
      remarks: readonly string[];
      /** The usual step between the rows of each cylinder (empty where rows name none), ms, as far as times are known. */
      spacings: ReadonlyMap<string, number | null>;
    }
  | { ok: false; message: string }
>;

/** Which columns say what a row is (null: `label` or `anomaly`), and, where rows are not in order of time, when it was. */
export type LabelColumns = Readonly<{
  label: string | null;
  time: string | null;
  map?: TableMap | undefined;
  /** How the recording is called; each cylinder that it names is one of its own. */
  recording?: string;
}>;

/**
 * The rows of a table with their labels (1 or true is abnormal, 0 or false is not), in order of time. Infinite values
 * are no measurements: they are missing. Rows without a label are left out.
 */
export const labelledRows = async (table: Table, wanted: LabelColumns): Promise<LabelledRowsResult> => {
  const { rows, add } = createPackedRows();
  const odd = new Map<string, OddCell & { cells: number }>();
  const spacings = createSpacings();
  let unlabelled = 0;
  const onOdd = (cell: OddCell): void => {
    const known = odd.get(cell.column) ?? { ...cell, cells: 0 };
    odd.set(cell.column, { ...known, cells: known.cells + 1 });
  };
  const { recording } = wanted;
  const recordings = new Map<string | undefined, string>();
  const recordingOf = (cylinder: string | undefined): string | undefined => {
    if (recording === undefined) return undefined;
    const name =
      recordings.get(cylinder) ?? (cylinder === undefined ? recording : `${recording}: ${cylinder}`);
    recordings.set(cylinder, name);
    return name;
  };
  try {
    const map: TableMap = {
      ...wanted.map,
      ...(wanted.time === null ? {} : { time: [wanted.time] }),
      ...(wanted.label === null ? {} : { label: { ...wanted.map?.label, column: wanted.label } }),
    };
    const columns = findColumns(table.header, { needsTime: false, map });
    if (columns.label === null && wanted.map?.intervals === undefined)
      return {
        ok: false,
        message: 'line 1: there is no column label or anomaly; name it with --label, or give --labels',
      };
    const isTimed = wanted.time !== null || wanted.map?.intervals !== undefined;
    const order = isTimed ? 'any' : 'rows';
    const isNamed = columns.cylinder !== null;
    for await (const samples of tableSamples(table, { columns, cylinder: '', map, order, onOdd }))
      for (const { cylinder, t, values, label } of samples) {
        if (Number.isFinite(t)) spacings.add({ cylinder, t });
        const named = isNamed ? cylinder : undefined;
        if (label === null) unlabelled += 1;
        else add({ values, label: Number(label), t, cylinder: named, recording: recordingOf(named) });
      }
  } catch (error) {
    if (error instanceof TableError) return { ok: false, message: error.message };
    throw error;
  }
  const remarks = Array.from(
    odd.values(),
    ({ row, column, said, cells }) =>
      `${row}: column ${column} holds ${JSON.stringify(said)}, which is taken as missing (${cells} such ${cells === 1 ? 'cell' : 'cells'})`,
  );
  if (unlabelled > 0) remarks.push(`${unlabelled} rows have no label and are left out`);
  const inOrder = wanted.time === null ? rows : rows.toSorted((a, b) => a.t - b.t);
  return { ok: true, rows: inOrder, remarks, spacings: spacings.typical() };
};
