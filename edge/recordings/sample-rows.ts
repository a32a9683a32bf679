import type { SourceSample } from '../sources/source.ts';
import { findColumns } from './columns.ts';
import { longRows } from './long-rows.ts';
import { rowReader, type SampleRowsOptions } from './row-reader.ts';
import { sensorReader, stuckFilter } from './sensor-reader.ts';
import type { Table } from './table.ts';

/** The samples of a table with a row for each, block by block; throws a TableError at the first thing that is wrong. */
export async function* sampleRows(
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> {
  const { columns, map, onOdd } = options;
  const devices = map?.devices ?? [null];
  const parts = devices.map((device) => {
    const own =
      device === null
        ? columns
        : findColumns(table.header, { needsTime: false, map: { ...map, ...device.map } });
    return { cylinder: device?.cylinder ?? null, valuesOf: sensorReader(table, own, onOdd) };
  });
  const read = rowReader(table, options);
  // Whether a value stands still is told from the oldest on.
  const leaveOutStuck = options.order === 'newest' ? () => undefined : stuckFilter(columns);
  const latest = new Map<string, number>();
  for await (const block of table.blocks) {
    const samples: SourceSample[] = [];
    for (let row = 0; row < block.count; row++) {
      const said = read.time(block, row);
      if (said === null) continue;
      for (const { cylinder: its, valuesOf } of parts) {
        const values = valuesOf(block, row);
        const cylinder = its ?? read.cylinder(block, row);
        const t = read.inOrder(block, row, said, latest.get(cylinder));
        latest.set(cylinder, t);
        leaveOutStuck(cylinder, t, values);
        samples.push({ cylinder, t, values, label: read.label(block, row, cylinder, t) });
      }
    }
    yield samples;
  }
  read.end();
}

/** The samples of a table of either form; throws a TableError at the first thing that is wrong. */
export const tableSamples = (
  table: Table,
  options: SampleRowsOptions,
): AsyncGenerator<readonly SourceSample[], void> =>
  options.columns.long === null ? sampleRows(table, options) : longRows(table, options);
