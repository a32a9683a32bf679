import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { liveTable, quarantineCount } from '../../../local/console/live-table.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { cylinderAfter } from './cylinders.ts';
import { marked, plain } from './paints.ts';

const SCREEN = { rows: 24, columns: 80 };
const NOW_MS = START_MS + 60_000;

const line = (patterns: Readonly<Record<string, string>>): ReadonlyMap<string, CylinderRecord> =>
  new Map(Object.entries(patterns).map(([name, pattern]) => [name, cylinderAfter(name, pattern)]));

const TWO = line({ 'cyl-10': 'nnAAAAAA', 'cyl-9': 'nnnnnnnn' });

test('each cylinder has a row, in the order of the numbers in their names', () => {
  assert.deepEqual(liveTable(plain, TWO, NOW_MS, SCREEN), [
    'cylinder  condition  severity  probability  last seen',
    'cyl-9     NORMAL               0.100        53 s ago',
    'cyl-10    ACTIVE     advisory  0.900        53 s ago',
    '2 cylinders: 1 active, 1 normal',
  ]);
});

test('colour is in the condition alone, and head and count are dim', () => {
  const [head, normal, active, count] = liveTable(marked, TWO, NOW_MS, SCREEN);
  assert.match(head ?? '', /^<dim:cylinder .*last seen>$/);
  assert.match(normal ?? '', /^cyl-9 +<green:NORMAL +> +0\.100 +53 s ago$/);
  assert.match(active ?? '', /^cyl-10 +<red:ACTIVE +>advisory +0\.900 +53 s ago$/);
  assert.match(count ?? '', /^<dim:2 cylinders.*>$/);
});

test('of too many cylinders those that are not normal are shown, and the rest is counted', () => {
  const names = Array.from({ length: 60 }, (_, index) => `cyl-${index + 1}`);
  const many = line(
    Object.fromEntries(names.map((name) => [name, name === 'cyl-59' ? 'nnAAAAAA' : 'nnnnnnnn'])),
  );
  const table = liveTable(plain, many, NOW_MS, SCREEN);
  // Room is left above the table in which a notice can be read.
  assert.ok(table.length <= SCREEN.rows - 8, `${table.length} lines`);
  assert.match(table.at(-2) ?? '', /^cyl-59 +ACTIVE/);
  assert.match(table[1] ?? '', /^cyl-1 +NORMAL/);
  assert.equal(table.at(-1), '60 cylinders: 1 active, 59 normal; 47 not shown');
});

test('of more than have room the first by name are shown, however they came', () => {
  const numbers = Array.from({ length: 500 }, (_, index) => ((index * 377) % 500) + 1);
  const record = cylinderAfter('cyl-1', 'nnnnnnnn');
  const many = new Map(numbers.map((number) => [`cyl-${number}`, record]));
  const shown = liveTable(plain, many, NOW_MS, SCREEN).slice(1, -1);
  assert.deepEqual(
    shown.map((row) => row.split(' ')[0]),
    Array.from({ length: 13 }, (_, index) => `cyl-${index + 1}`),
  );
});

test('the table of ten thousand cylinders looks at each once, and sorts none but those it shows', (t) => {
  const record = cylinderAfter('cyl-1', 'nnnnnnnn');
  const many = new Map(
    Array.from({ length: 10_000 }, (_, index) => [`cyl-${(index * 7919) % 10_000}`, record]),
  );
  let reads = 0;
  const counted = new Proxy(record.alarm, {
    get: (alarm, field) => {
      reads += field === 'condition' ? 1 : 0;
      return Reflect.get(alarm, field);
    },
  });
  for (const name of many.keys()) many.set(name, { ...record, alarm: counted });
  const localeCompare = t.mock.method(String.prototype, 'localeCompare');
  liveTable(plain, many, NOW_MS, SCREEN);
  assert.equal(localeCompare.mock.callCount(), 0);
  assert.ok(reads < 10_000 + 100, `${reads} looks at a condition`);
});

test('no line is wider than the terminal, and a very low terminal has the count alone', () => {
  const long = line({ ['x'.repeat(128)]: 'nnAAAAAA' });
  for (const columns of [1, 12, 40, 80]) {
    for (const text of liveTable(plain, long, NOW_MS, { rows: 24, columns })) {
      assert.ok(stripVTControlCharacters(text).length < columns || text === '', `${columns}: ${text}`);
    }
  }
  assert.deepEqual(liveTable(plain, TWO, NOW_MS, { rows: 5, columns: 80 }), [
    '2 cylinders: 1 active, 1 normal',
  ]);
});

test('before anything was heard one line says so', () => {
  assert.deepEqual(liveTable(plain, new Map(), NOW_MS, SCREEN), ['no cylinder heard yet']);
});

test('who has an incident, and what keeps it quiet, stands in its row', () => {
  const record = cylinderAfter('c1', 'nnAAAAAA');
  const { incident } = record.alarm;
  assert.ok(incident);
  const taken = { ...record, alarm: { ...record.alarm, incident: { ...incident, acknowledgedBy: 'ana' } } };
  const shelf = { until: NOW_MS + 1, by: 'bo', reason: 'parts' };
  const shelved = { ...record, alarm: { ...record.alarm, shelf } };
  const table = liveTable(
    plain,
    new Map<string, CylinderRecord>([
      ['c1', taken],
      ['c2', shelved],
    ]),
    NOW_MS,
    SCREEN,
  );
  assert.match(table[0] ?? '', / said$/);
  assert.match(table[1] ?? '', / acknowledged, ana$/);
  assert.match(table[2] ?? '', / shelved, bo$/);
});

test('a cylinder that was never heard, or is not judged, is not shown as normal', () => {
  const record = cylinderAfter('c1', 'nn');
  const unheard = { ...record, alarm: { ...record.alarm, lastSeenAt: null } };
  const table = liveTable(marked, new Map([['c1', unheard]]), NOW_MS, SCREEN);
  assert.match(table[1] ?? '', /^c1 +<yellow:UNWATCHED/);
  assert.match(table[2] ?? '', /1 unwatched/);
});

test('what lies in quarantine is counted in a line that names the last device and how to see more', () => {
  const kind = {
    topic: 'greengrass/ml/inference/gw/c7',
    cylinder: 'c7',
    reason: 'time-ahead',
    messages: 3,
    firstAt: 0,
    lastAt: NOW_MS - 5000,
    client: null,
    detail: '',
  };
  const line = quarantineCount(plain, { messages: 3, dropped: 0, kinds: [kind] }, NOW_MS, 100);
  assert.deepEqual(line, ['in quarantine: 3 messages (sentinel quarantine list), time-ahead of c7 5 s ago']);
  assert.deepEqual(quarantineCount(plain, { messages: 0, dropped: 0, kinds: [] }, NOW_MS, 100), []);
});

test('in a narrow terminal no word of the table is cut', () => {
  for (let columns = 12; columns < 60; columns += 1) {
    const words = liveTable(plain, TWO, NOW_MS, { rows: 24, columns }).flatMap((text) => text.split(/ +/));
    const whole = new Set(liveTable(plain, TWO, NOW_MS, SCREEN).flatMap((text) => text.split(/ +/)));
    for (const word of words) assert.ok(whole.has(word.replace(/[,:]?…$/, '')) || word.endsWith('…'), word);
  }
});
