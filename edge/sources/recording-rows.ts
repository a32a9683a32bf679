import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Columns, findColumns, readRow } from './recording-row.ts';
import type { SourceSample } from './source.ts';

/** A sample, or what is wrong with the file, after which nothing follows. */
export type RecordingItem = Readonly<{ sample: SourceSample }> | Readonly<{ problem: string }>;

/** A parsed row and the number of the line on which it ends. */
type ParsedRow = Readonly<{ record: readonly string[]; info: Readonly<{ lines: number }> }>;

/** Reads a recording row by row and stops at the first thing that is wrong, which it names by file, line and column. */
export async function* recordingRows(path: string): AsyncGenerator<RecordingItem, void> {
  const cylinder = cylinderFromPath(path);
  const latest = new Map<string, number>();
  let columns: Columns | null = null;
  try {
    for await (const { record: cells, info } of parsedRows(path)) {
      if (columns === null) {
        const found = findColumns(cells);
        if (!found.ok) return yield { problem: `${path}, ${found.message}` };
        columns = found.columns;
        continue;
      }
      const row = readRow(cells, columns, cylinder);
      if (!row.ok) {
        const place = row.column === null ? `line ${info.lines}` : `line ${info.lines}, column ${row.column}`;
        return yield { problem: `${path}, ${place}: ${row.message}` };
      }
      const { sample } = row;
      const before = latest.get(sample.cylinder);
      if (before !== undefined && sample.t < before) {
        const times = `${new Date(sample.t).toISOString()} comes after ${new Date(before).toISOString()}`;
        const advice = `the rows of ${sample.cylinder} must be in the order of time`;
        return yield {
          problem: `${path}, line ${info.lines}, column ${columns.time.name}: ${times}; ${advice}`,
        };
      }
      latest.set(sample.cylinder, sample.t);
      yield { sample };
    }
  } catch (error) {
    yield { problem: describe(path, error) };
    return;
  }
  if (columns === null) yield { problem: `${path} is empty; its first line must name the columns` };
  else if (latest.size === 0) yield { problem: `${path} has no rows below its header` };
}

const parsedRows = (path: string): AsyncIterable<ParsedRow> => {
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true, info: true });
  // Without a pipeline an error of the file would never reach the reader of the parser.
  return pipeline(createReadStream(path), parser, () => {});
};

const cylinderFromPath = (path: string): string => {
  const name = basename(path, extname(path))
    .replaceAll(/[^a-zA-Z0-9:_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 128);
  return name === '' ? 'cylinder' : name;
};

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name one CSV file',
  EACCES: 'this file may not be read; change its permissions or copy it',
};

const describe = (path: string, error: unknown): string => {
  if (error instanceof CsvError) return `${path}, line ${error.lines}: ${error.message}`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return `${path}: ${ADVICE[code] ?? (error instanceof Error ? error.message : String(error))}`;
};
