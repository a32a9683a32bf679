/** A table's column: its title, and whether its cells stand to the right, as numbers do. */
export type TextColumn = Readonly<{ title: string; right?: boolean }>;

const GAP = '  ';

/** Lays out a table in lines of text, its title line first; columns are as wide as their widest cell. */
export const textTable = (
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] => {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((cells) => (cells[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ right }, index) => {
        const cell = cells[index] ?? '';
        return right === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
};
