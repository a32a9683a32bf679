import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { isFields } from '../../domain/fields.ts';
import { createRecordCodec } from '../../usecases/ledger/record-codec.ts';
import { quickTransaction, transaction } from '../ledger/transaction.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from './json.ts';
import type { ShadowKey } from './read-request.ts';

/** `desired` or `reported`: the values, and in the same form when each was last set (`{ timestamp }`, seconds). */
export type Section = Readonly<{ state: JsonObject; metadata: JsonObject }>;

/**
 * A device shadow; a section without values is null.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
 */
export type ShadowDocument = Readonly<{
  desired: Section | null;
  reported: Section | null;
  /** Counts accepted updates, and goes on where it was when the shadow is deleted and made again. */
  version: number;
}>;

/** A shadow that is there, or the version at which it was deleted. */
export type StoredShadow =
  | Readonly<{ kind: 'present'; document: ShadowDocument }>
  | Readonly<{ kind: 'deleted'; version: number }>;

/** Keeps shadows; both calls are done when they return, so that nothing comes between reading and writing. */
export type ShadowStore = Readonly<{
  read(key: ShadowKey): StoredShadow | null;
  write(key: ShadowKey, shadow: StoredShadow): void;
  /** Whether a client may begin a shadow of a thing; any where it is absent. */
  mayBegin?: (thing: string) => boolean;
  /**
   * Does work whose writes are one commit; when it throws, none of them was kept. The disk is not waited for where the
   * same `isRepeated` after a loss of power, should it have come to nothing.
   */
  together<T>(work: () => T, isRepeated?: boolean): T;
}>;

const jsonObject = v.custom<JsonObject>((value) => isFields(value), 'must be an object');
const section = v.object({ state: jsonObject, metadata: jsonObject });

/** The document of a shadow, whose version is a column. The first ones bore no schema version, and are otherwise the same. */
const codec = createRecordCodec<Omit<ShadowDocument, 'version'>>({
  what: 'the shadow',
  schema: v.object({ desired: v.nullable(section), reported: v.nullable(section) }),
  steps: [(fields) => ({ desired: null, reported: null, ...fields })],
  stored: ({ desired, reported }) => ({ desired, reported }),
});

const MOST_LATEST = 16;

/** Shadows in a table of their own; the document of a deleted one is NULL, the classic one has the name ''. */
export const createSqliteShadowStore = (database: DatabaseSync): ShadowStore => {
  const select = database.prepare('SELECT version, document FROM shadow WHERE thing = ? AND name = ?');
  const upsert = database.prepare(
    `INSERT INTO shadow (thing, name, version, document) VALUES (?, ?, ?, ?)
     ON CONFLICT (thing, name) DO UPDATE SET version = excluded.version, document = excluded.document`,
  );
  /** Those read last: a report looks at its shadow several times, and some go together. */
  const latest = new Map<string, StoredShadow | null>();
  const keyOf = (thing: string, name: string): string => `${name}/${thing}`;

  const load = (thing: string, name: string): StoredShadow | null => {
    const row = select.get(thing, name);
    if (row === undefined) return null;
    const version = Number(row.version);
    return typeof row.document === 'string'
      ? { kind: 'present', document: { ...codec.decode(row.document, `${name} of ${thing}`), version } }
      : { kind: 'deleted', version };
  };

  return {
    read: ({ thing, shadowName }) => {
      const key = keyOf(thing, shadowName ?? '');
      const known = latest.get(key);
      if (known !== undefined) return known;
      const found = load(thing, shadowName ?? '');
      if (latest.size >= MOST_LATEST) latest.clear();
      latest.set(key, found);
      return found;
    },
    write: ({ thing, shadowName }, shadow) => {
      latest.delete(keyOf(thing, shadowName ?? ''));
      const present = shadow.kind === 'present';
      const version = present ? shadow.document.version : shadow.version;
      const document = present ? codec.encode(shadow.document) : null;
      upsert.run(thing, shadowName ?? '', version, document);
    },
    together: (work, isRepeated = false) => {
      try {
        return (isRepeated ? quickTransaction : transaction)(database, work);
      } finally {
        latest.clear();
      }
    },
  };
};

/** Things without a cylinder that may have shadows, as those that are shelved before they speak; and shadows of one thing. */
const MAX_STRANGERS = 1_000;
const MAX_NAMES = 16;

/** Whether a thing may get one more shadow: things that never spoke are bounded, so that nobody fills the disk with them. */
export const boundShadows = (
  database: DatabaseSync,
  isKnown: (thing: string) => boolean,
): ((thing: string) => boolean) => {
  const countNames = database.prepare('SELECT count(*) AS names FROM shadow WHERE thing = ?');
  const things = database.prepare('SELECT DISTINCT thing FROM shadow').all();
  const strangers = new Set(things.map(({ thing }) => String(thing)).filter((thing) => !isKnown(thing)));
  return (thing) => {
    if (Number(countNames.get(thing)?.names) >= MAX_NAMES) return false;
    if (isKnown(thing) || strangers.has(thing)) return true;
    if (strangers.size >= MAX_STRANGERS) {
      for (const stranger of strangers) if (isKnown(stranger)) strangers.delete(stranger);
    }
    if (strangers.size >= MAX_STRANGERS) return false;
    strangers.add(thing);
    return true;
  };
};

const EMPTY: Section = { state: {}, metadata: {} };

/**
 * A section after an update: objects merge, null takes a key away, arrays and plain values replace what was there, and
 * what the update names carries its time. Null if nothing is left.
 */
export const mergeSection = (
  section: Section | null,
  patch: JsonObject | null,
  nowS: number,
): Section | null => {
  if (patch === null) return null;
  const merged = merge(section ?? EMPTY, patch, nowS);
  return Object.keys(merged.state).length === 0 ? null : merged;
};

const merge = ({ state, metadata }: Section, patch: JsonObject, nowS: number): Section => {
  const nextState = new Map(Object.entries(state));
  const nextMetadata = new Map(Object.entries(metadata));
  for (const [key, value] of Object.entries(patch)) {
    const next = mergeValue(member(state, key), member(metadata, key), value, nowS);
    if (next === null) {
      nextState.delete(key);
      nextMetadata.delete(key);
    } else {
      nextState.set(key, next.state);
      nextMetadata.set(key, next.metadata);
    }
  }
  // fromEntries makes own members of all keys, `__proto__` too.
  return { state: Object.fromEntries(nextState), metadata: Object.fromEntries(nextMetadata) };
};

type Stamped = Readonly<{ state: Json; metadata: Json }>;

const mergeValue = (
  state: Json | undefined,
  metadata: Json | undefined,
  value: Json,
  nowS: number,
): Stamped | null => {
  if (value === null) return null;
  if (!isJsonObject(value)) return { state: value, metadata: stamp(value, nowS) };
  if (isJsonObject(state) && isJsonObject(metadata)) return merge({ state, metadata }, value, nowS);
  const fresh = merge(EMPTY, value, nowS);
  const nothingButNulls = Object.keys(fresh.state).length === 0 && Object.keys(value).length > 0;
  return nothingButNulls ? null : fresh;
};

/** A value's form with the time in place of every leaf. */
export const stamp = (value: Json, nowS: number): Json => {
  if (isJsonArray(value)) return value.map((item) => stamp(item, nowS));
  if (!isJsonObject(value)) return { timestamp: nowS };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stamp(item, nowS)]));
};
