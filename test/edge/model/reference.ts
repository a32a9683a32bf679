import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readNumberCell } from '../../../domain/mapping/convert-sensor.ts';

const folder = fileURLToPath(new URL('../../../../shared/models', import.meta.url));

/** Why tests on the reference models are left out; false when the folder is there. */
export const skipReference = existsSync(folder) ? false : 'the folder of reference models is not there';

export const referencePath = (file: string): string => `${folder}/${file}`;

export const referenceBytes = (file: string): Uint8Array => readFileSync(referencePath(file));

export const referenceText = (file: string): string => readFileSync(referencePath(file), 'utf8');

/** A cell as XGBoost was given it: the reader of tables takes an infinity for no number, a model may be asked of one. */
const valueIn = (cell: string): number | null => {
  const infinite = /^(-?)inf(?:inity)?$/i.exec(cell);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return readNumberCell(cell) ?? null;
};

/** One row of a reference table: six sensor values and every other column as text. */
export type ReferenceRow = Readonly<{
  values: readonly (number | null)[];
  columns: Readonly<Record<string, string>>;
}>;

export const referenceRows = (file: string): readonly ReferenceRow[] => {
  const [header = '', ...lines] = referenceText(file).trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return {
      values: cells.slice(0, 6).map(valueIn),
      columns: Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])),
    };
  });
};

/** The IEEE-754 single image of a number as eight hexadecimal digits. */
export const singleHex = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, '0');
};
