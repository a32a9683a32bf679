import { SENSORS, type SensorValues } from '../../domain/message/sample.ts';
import type { LabelledRow } from './boost.ts';

const WIDTH = SENSORS.length;
const CHUNK_ROWS = 1 << 16;

/** Of which recording and cylinder a row is. */
type Unit = Pick<LabelledRow, 'recording' | 'cylinder'>;

/** A stretch of rows in columns; a sensor that did not answer is NaN. */
type Chunk = Readonly<{
  values: Float64Array;
  labels: Uint8Array;
  t: Float64Array;
  /** The place in `units`. */
  unit: Uint32Array;
  units: readonly Unit[];
}>;

/** A labelled row, and when it was, ms; NaN where that is not known. */
export type TimedRow = LabelledRow & Readonly<{ t: number }>;

/** A row that lies in columns and is made anew whenever it is looked at: five million as objects would take a gigabyte. */
class PackedRow implements TimedRow {
  readonly #chunk: Chunk;
  readonly #at: number;

  constructor(chunk: Chunk, at: number) {
    this.#chunk = chunk;
    this.#at = at;
  }

  get values(): SensorValues {
    const row: (number | null)[] = [];
    for (let place = this.#at * WIDTH; place < (this.#at + 1) * WIDTH; place += 1) {
      const value = this.#chunk.values[place] ?? Number.NaN;
      row.push(Number.isNaN(value) ? null : value);
    }
    return row;
  }

  get label(): number {
    return this.#chunk.labels[this.#at] ?? 0;
  }

  get t(): number {
    return this.#chunk.t[this.#at] ?? Number.NaN;
  }

  get recording(): string | undefined {
    return this.#unit?.recording;
  }

  get cylinder(): string | undefined {
    return this.#unit?.cylinder;
  }

  get #unit(): Unit | undefined {
    return this.#chunk.units[this.#chunk.unit[this.#at] ?? 0];
  }
}

const emptyChunk = (units: readonly Unit[]): Chunk => ({
  values: new Float64Array(CHUNK_ROWS * WIDTH),
  labels: new Uint8Array(CHUNK_ROWS),
  t: new Float64Array(CHUNK_ROWS),
  unit: new Uint32Array(CHUNK_ROWS),
  units,
});

/** Takes labelled rows and gives them in columns, in their order. */
export const createPackedRows = (): Readonly<{
  add(row: TimedRow): void;
  rows: readonly TimedRow[];
}> => {
  const rows: TimedRow[] = [];
  const units: Unit[] = [];
  let chunk = emptyChunk(units);
  const unitOf = ({ recording, cylinder }: Unit): number => {
    const isIt = (unit: Unit) => unit.recording === recording && unit.cylinder === cylinder;
    const known = units.findIndex(isIt);
    return known < 0 ? units.push({ recording, cylinder }) - 1 : known;
  };
  return {
    rows,
    add: ({ values, label, t, recording, cylinder }) => {
      const at = rows.length % CHUNK_ROWS;
      if (at === 0 && rows.length > 0) chunk = emptyChunk(units);
      for (let sensor = 0; sensor < WIDTH; sensor += 1)
        chunk.values[at * WIDTH + sensor] = values[sensor] ?? Number.NaN;
      chunk.labels[at] = label;
      chunk.t[at] = t;
      chunk.unit[at] = unitOf({ recording, cylinder });
      rows.push(new PackedRow(chunk, at));
    },
  };
};

/** The values of one sensor in the sound rows; NaN where it did not answer. */
export const soundColumn = (rows: readonly LabelledRow[], sensor: number): Float64Array => {
  const column = new Float64Array(rows.length);
  let count = 0;
  for (const { label, values } of rows) if (label === 0) column[count++] = values[sensor] ?? Number.NaN;
  return column.subarray(0, count);
};
