export type Align = 'left' | 'right';

/** Rows of cells as lines with aligned columns, two blanks apart; the last column has no blanks behind it. */
export const textTable = (
  rows: readonly (readonly string[])[],
  align: readonly Align[],
): readonly string[] => {
  const widths = align.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    align
      .map((side, column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return side === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
};

/** A table's column: its title, and whether its cells stand to the right, as numbers do. */
export type TextColumn = Readonly<{ title: string; right?: boolean }>;

/** The same with a line of titles first. */
export const titledTable = (
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] =>
  textTable(
    [columns.map(({ title }) => title), ...rows],
    columns.map(({ right }) => (right === true ? 'right' : 'left')),
  );
