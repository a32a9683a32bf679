import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../local/shadow/json.ts';
import { createSqliteShadowStore, mergeSection, stamp } from '../../../local/shadow/shadow-store.ts';

test('shadows and the versions of deleted ones are there after a restart, each under its own name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const open = () => {
    const database = openLedgerDatabase({ path: join(folder, 'ledger.db') });
    return { database, store: createSqliteShadowStore(database) };
  };
  const twin = { thing: 'cyl-1', shadowName: 'twin' };
  const classic = { thing: 'cyl-1', shadowName: null };
  const other = { thing: 'cyl-2', shadowName: 'twin' };
  const document = {
    desired: null,
    reported: mergeSection(null, JSON.parse('{"a":{"__proto__":{"x":[1,"ü"]}}}'), 5),
    version: 4,
  };

  const before = open();
  before.store.write(twin, { kind: 'present', document: { ...document, version: 3 } });
  before.store.write(twin, { kind: 'present', document });
  before.store.write(classic, { kind: 'present', document: { desired: null, reported: null, version: 1 } });
  before.store.write(classic, { kind: 'deleted', version: 1 });
  before.database.close();

  const after = open();
  assert.deepEqual(after.store.read(twin), { kind: 'present', document });
  assert.deepEqual(after.store.read(classic), { kind: 'deleted', version: 1 });
  assert.equal(after.store.read(other), null);
  after.database.close();
});

const keys = fc.constantFrom('a', 'b', 'timestamp', '__proto__', 'constructor');
const { value: values, patch: patches } = fc.letrec<{ value: Json; patch: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, 0, 1, 'x', true),
    fc.array(fc.constantFrom<Json>(1, 2), { maxLength: 3 }),
    tie('patch'),
  ),
  patch: fc
    .array(fc.tuple(keys, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

const after = (list: readonly JsonObject[], startS = 1) =>
  list.reduce<ReturnType<typeof mergeSection>>(
    (section, patch, i) => mergeSection(section, patch, startS + i),
    null,
  );

/** The leaves of a value by their paths; arrays and empty objects are leaves. */
const leaves = (value: Json, path: string[] = []): [string, Json][] =>
  isJsonObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
    : [[JSON.stringify(path), value]];

test('an update that comes twice changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(patches), patches, (before, patch) => {
      assert.deepEqual(after([...before, patch, patch])?.state, after([...before, patch])?.state);
    }),
  );
});

test('no null is ever stored, and null takes away what it names', () => {
  fc.assert(
    fc.property(fc.array(patches, { minLength: 1 }), keys, (list, key) => {
      const section = after(list);
      assert.ok(leaves(section?.state ?? {}).every(([, value]) => value !== null));
      const without = mergeSection(section, Object.fromEntries([[key, null]]), 99);
      assert.equal(Object.hasOwn(without?.state ?? {}, key), false);
      assert.equal(Object.hasOwn(without?.metadata ?? {}, key), false);
      const others = leaves(section?.state ?? {}).filter(([path]) => !path.startsWith(`["${key}"`));
      if (section !== null && without !== null) assert.deepEqual(leaves(without.state), others);
    }),
  );
});

test('updates of different keys give the same state in any order', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const state = (list: JsonObject[]) => after(list)?.state ?? {};
      assert.deepEqual(state([{ a }, { b }]), state([{ b }, { a }]));
    }),
  );
});

test('the last plain value of a key is the one that stands', () => {
  fc.assert(
    fc.property(fc.array(patches), fc.oneof(fc.integer(), fc.array(fc.integer())), (before, value) => {
      assert.deepEqual(after([...before, { a: value }])?.state.a, value);
    }),
  );
});

test('metadata has the form of the state, and a leaf the time of the update that last named it', () => {
  fc.assert(
    fc.property(fc.array(patches, { minLength: 1 }), patches, (before, patch) => {
      const earlier = after(before);
      const later = mergeSection(earlier, patch, 1000);
      if (later === null) return;
      assert.deepEqual(timesErased(later.metadata), timesErased(stamp(later.state, 1)));
      const named = new Set(leaves(patch).map(([path]) => path));
      const times = new Map(leaves(later.metadata));
      for (const [path, value] of leaves(later.state)) {
        if (isJsonObject(value) || Array.isArray(value)) continue;
        const time = times.get(JSON.stringify([...JSON.parse(path), 'timestamp']));
        assert.equal(time === 1000, named.has(path), `${path} ${time}`);
      }
    }),
  );
});

test('arrays are replaced whole', () => {
  assert.deepEqual(after([{ a: [1, 2, 3] }, { a: [4] }]), {
    state: { a: [4] },
    metadata: { a: [{ timestamp: 2 }] },
  });
});

test('a section without values is none', () => {
  for (const patch of [null, {}, { a: null }, { a: { b: null } }, { a: { b: { c: null } } }]) {
    assert.equal(mergeSection(null, patch, 1), null);
  }
  assert.equal(mergeSection(after([{ a: 1 }]), { a: null }, 2), null);
  assert.equal(mergeSection(after([{ a: 1 }]), null, 2), null);
});

const timesErased = (metadata: Json): string =>
  JSON.stringify(metadata).replace(/"timestamp":\d+/g, '"timestamp":0');
