import { readdirSync, readFileSync } from 'node:fs';
import { type Asked, bind, bindToGrafana, bindToLastWeek, type Dialect, ofReference } from './bind-query.ts';

const FOLDER = new URL('../infra/queries/', import.meta.url);

/** A saved query: what it answers, what its columns mean beyond their names, and its text, the same for each dialect. */
export type SavedQuery = Readonly<{
  name: string;
  summary: string;
  columns: readonly (readonly [name: string, meaning: string])[];
  text: string;
}>;

const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8');

/** The lines of comment at the top, without their marks. */
const headOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .slice(
      0,
      text.split('\n').findIndex((line) => !line.startsWith('--')),
    )
    .map((line) => line.replace(/^-- ?/, ''));

const savedQuery = (name: string): SavedQuery => {
  const text = read(`${name}/query.sql`);
  const head = headOf(text);
  const columns = head.flatMap((line) => {
    const [, column, meaning] = /^Column (\S+): (.*)$/.exec(line) ?? [];
    return column === undefined || meaning === undefined ? [] : [[column, meaning] as const];
  });
  const summary = head.filter((line) => !line.startsWith('Column ')).join(' ');
  return { name, summary, columns, text };
};

/** All saved queries by their names. */
export const savedQueries = (): readonly SavedQuery[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'views')
    .map(({ name }) => name)
    .toSorted()
    .map(savedQuery);

/** The views of a dialect by their names, its own in the place of those that are shared, and each again of the reference. */
const viewsOf = (dialect: Dialect): ReadonlyMap<string, string> =>
  new Map(
    ['shared', dialect]
      .flatMap((file) => read(`views/${file}.sql`).split(/\n\n(?=\w+ AS (?:NOT MATERIALIZED )?\()/))
      .flatMap((block): [string, string][] => {
        const name = /^(\w+) AS (?:NOT MATERIALIZED )?\(/.exec(block)?.[1];
        if (name === undefined) return [];
        const view = block.trimEnd();
        return [
          [name, view],
          [ofReference(name), ofReference(view)],
        ];
      }),
  );

/** Whether a text asks a view: a column of that name is something else. */
export const asksView = (text: string, name: string): boolean =>
  new RegExp(`\\b(?:FROM|JOIN)\\s+${name}\\b`).test(text);

/** The views that a text names, those that they name themselves first. */
const viewsIn = (text: string, views: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const add = (within: string): void => {
    for (const [name, view] of views) {
      if (found.has(name) || !asksView(within, name) || within === view) continue;
      add(view);
      found.set(name, view);
    }
  };
  add(text);
  return found;
};

const withoutHead = (text: string): string => text.split('\n').slice(headOf(text).length).join('\n').trim();

/** A saved query with the views that it asks, its parameters still in their places. */
const wholeOf = (query: SavedQuery, dialect: Dialect): string => {
  const body = withoutHead(query.text);
  const views = [...viewsIn(body, viewsOf(dialect)).values()];
  const first = /^WITH\s+/i.exec(body)?.[0];
  const rest = first === undefined ? `\n${body}` : `,\n${body.slice(first.length)}`;
  return `WITH ${views.join(',\n')}${rest}`;
};

/** A saved query as one statement of a dialect, with the views that it asks and all that it asks about in its place. */
export const statementOf = (query: SavedQuery, dialect: Dialect, asked: Asked): string =>
  bind(wholeOf(query, dialect), dialect, asked);

/** A saved query for the console of Athena, about the week up to when it is run. */
export const lastWeekInAthena = (query: SavedQuery): string => bindToLastWeek(wholeOf(query, 'athena'));

/** A saved query for a panel of Grafana, about the time and the cylinder that its dashboard shows. */
export const inGrafana = (query: SavedQuery, dialect: Exclude<Dialect, 'duckdb'>): string =>
  bindToGrafana(wholeOf(query, dialect), dialect);
