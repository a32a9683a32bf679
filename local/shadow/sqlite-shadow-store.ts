import type { DatabaseSync } from 'node:sqlite';
import { isJsonObject, type Json, member, parseJson } from './json.ts';
import type { Section, ShadowDocument } from './shadow-document.ts';
import type { ShadowStore } from './shadow-store.ts';

/** Shadows in a table of their own; the document of a deleted one is NULL, the classic one has the name ''. */
export const createSqliteShadowStore = (database: DatabaseSync): ShadowStore => {
  const select = database.prepare('SELECT version, document FROM shadow WHERE thing = ? AND name = ?');
  const upsert = database.prepare(
    `INSERT INTO shadow (thing, name, version, document) VALUES (?, ?, ?, ?)
     ON CONFLICT (thing, name) DO UPDATE SET version = excluded.version, document = excluded.document`,
  );
  return {
    read: ({ thing, shadowName }) => {
      const row = select.get(thing, shadowName ?? '');
      if (row === undefined) return null;
      const version = Number(row.version);
      return typeof row.document === 'string'
        ? { kind: 'present', document: readDocument(row.document, version) }
        : { kind: 'deleted', version };
    },
    write: ({ thing, shadowName }, shadow) => {
      const present = shadow.kind === 'present';
      upsert.run(
        thing,
        shadowName ?? '',
        present ? shadow.document.version : shadow.version,
        present ? writeDocument(shadow.document) : null,
      );
    },
  };
};

const writeDocument = ({ desired, reported }: ShadowDocument): string =>
  JSON.stringify({ desired, reported });

const readDocument = (text: string, version: number): ShadowDocument => {
  const document = parseJson(text);
  if (!isJsonObject(document)) throw new Error('a stored shadow is not an object');
  return {
    desired: readSection(member(document, 'desired')),
    reported: readSection(member(document, 'reported')),
    version,
  };
};

const readSection = (section: Json | undefined): Section | null => {
  if (!isJsonObject(section)) return null;
  const [state, metadata] = [member(section, 'state'), member(section, 'metadata')];
  return isJsonObject(state) && isJsonObject(metadata) ? { state, metadata } : null;
};
