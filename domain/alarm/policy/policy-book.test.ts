import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY } from './policy.ts';
import {
  bookAtPeriods,
  DEFAULT_BOOK,
  type PolicyBook,
  policiesAtPeriod,
  readPolicyBook,
} from './policy-book.ts';

const read = (value: unknown): PolicyBook => {
  const reading = readPolicyBook(value);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.book;
};

const faults = (value: unknown): readonly string[] => {
  const reading = readPolicyBook(value);
  return reading.ok ? [] : reading.faults.map(({ field, message }) => `${field} ${message}`);
};

const PRESSES = {
  default: { threshold: 0.7, windowMs: 30_000 },
  cylinders: { 'press-*': { threshold: 0.8 }, 'press-1': { threshold: 0.9 }, '*-old': { windowMs: 120_000 } },
};

const POLICIES: readonly (readonly [string, number, number])[] = [
  ['lift', 0.7, 30_000],
  ['press-2', 0.8, 30_000],
  ['press-', 0.8, 30_000],
  ['press', 0.7, 30_000],
  ['a-press-2', 0.7, 30_000],
  ['press-1', 0.9, 30_000],
  ['press-12', 0.8, 30_000],
  ['press-1-old', 0.7, 120_000],
];
for (const [cylinder, threshold, windowMs] of POLICIES) {
  test(`of the patterns that fit ${cylinder} the last holds, over the default of the file`, () => {
    assert.deepEqual(read(PRESSES).of(cylinder), { ...DEFAULT_POLICY, threshold, windowMs });
  });
}

test('everything but * stands for itself', () => {
  const book = read({
    cylinders: { 'a.c': { threshold: 0.9 }, 'p+*': { threshold: 0.9 }, '*x*': { threshold: 0.8 } },
  });
  assert.deepEqual(
    ['abc', 'a.c', 'pp', 'p+q', 'axb', 'x'].map((name) => book.of(name).threshold),
    [0.5, 0.9, 0.5, 0.9, 0.8, 0.8],
  );
});

test('a file that is a single policy holds for all', () => {
  const book = read({ threshold: 0.9 });
  assert.equal(book.default.threshold, 0.9);
  assert.equal(book.of('c').threshold, 0.9);
  assert.deepEqual(book.of('c', { windowMs: 5000 }), { ...DEFAULT_POLICY, threshold: 0.9, windowMs: 5000 });
});

test('without a default the defaults of the document hold, without cylinders the default does', () => {
  assert.deepEqual(read({ cylinders: {} }).default, DEFAULT_POLICY);
  assert.equal(read({ default: { threshold: 0.9 } }).of('c').threshold, 0.9);
  assert.deepEqual([DEFAULT_BOOK.default, DEFAULT_BOOK.of('c')], [DEFAULT_POLICY, DEFAULT_POLICY]);
});

test('overrides of a twin lie over its pattern and the default', () => {
  const { threshold, windowMs, minCoverage } = read(PRESSES).of('press-2', { minCoverage: 0.1 });
  assert.deepEqual([threshold, windowMs, minCoverage], [0.8, 30_000, 0.1]);
  assert.equal(read(PRESSES).of('press-2', { threshold: 0.1 }).threshold, 0.1);
});

test('overrides that make no policy leave the one that holds without them', () => {
  assert.equal(read(PRESSES).of('press-2', { threshold: 7 }).threshold, 0.8);
  assert.equal(read(PRESSES).of('lift', { nonsense: 1 }).threshold, 0.7);
});

test('a policy is the same object as long as nothing changed, for each cylinder and its overrides', () => {
  const book = read(PRESSES);
  assert.equal(book.of('press-2'), book.of('press-2'));
  assert.equal(book.of('lift'), book.default);
  const overridden = book.of('press-2', { threshold: 0.1 });
  assert.equal(book.of('press-2', { threshold: 0.1 }), overridden);
  assert.equal(book.of('press-2').threshold, 0.8);
  assert.equal(book.of('press-2', { threshold: 0.2 }).threshold, 0.2);
});

test('a fault names where in the file it is', () => {
  assert.deepEqual(faults({ default: { threshold: 2 } }), ['default.threshold must be a number from 0 to 1']);
  assert.deepEqual(faults({ cylinders: { 'a*': {}, 'b*': { threshold: 2 } } }), [
    'cylinders.b*.threshold must be a number from 0 to 1',
  ]);
  assert.deepEqual(faults({ threshold: 2 }), ['threshold must be a number from 0 to 1']);
});

test('overrides are checked on top of the default of the file', () => {
  assert.deepEqual(faults({ default: { clearRatio: 0.5 }, cylinders: { a: { raiseRatio: 0.4 } } }), [
    'cylinders.a.clearRatio must be above 0 and below raiseRatio, 0.4',
  ]);
});

test('a file that is neither a book nor a policy is a fault', () => {
  for (const value of [
    null,
    3,
    'x',
    [],
    { default: 3 },
    { cylinders: { a: 3 } },
    { default: {}, cylinder: {} },
  ])
    assert.equal(faults(value).length > 0, true, JSON.stringify(value));
  assert.match(faults({ default: {}, cylinder: {} })[0] ?? '', /^cylinder /);
  assert.match(faults({ cylinders: { a: 3 } })[0] ?? '', /^cylinders\.a /);
});

test('flapping is laid over field by field, and a name stands before every pattern', () => {
  const reading = readPolicyBook({
    default: { flapping: { reopenings: 5 } },
    cylinders: { 7: { maxReminders: 1 }, '*': { flapping: { withinMs: 1000 } } },
  });
  assert.ok(reading.ok);
  assert.deepEqual(reading.book.of('press').flapping, { reopenings: 5, withinMs: 1000 });
  assert.equal(reading.book.of('7').maxReminders, 1);
});

test('a misspelt key hides nothing of what else is wrong', () => {
  assert.deepEqual(
    faults({
      defaults: { threshold: 2 },
      default: { threshold: 2 },
      cylnders: {},
      cylinders: { a: { windowMs: -1 }, b: { treshold: 1, notifyFrom: 'x' } },
    }),
    [
      'defaults is no part of a policy file, which has default and cylinders',
      'cylnders is no part of a policy file, which has default and cylinders',
      'default.threshold must be a number from 0 to 1',
      'cylinders.a.windowMs must be a whole number of milliseconds, 0 or more',
      'cylinders.b.treshold is not a field of a policy: check the spelling',
      'cylinders.b.notifyFrom names no level; the levels are advisory, warning, alarm',
    ],
  );
  assert.deepEqual(faults({ treshold: 0.5, widowMs: 1, clearRatio: 0.9 }), [
    'treshold is not a field of a policy: check the spelling',
    'widowMs is not a field of a policy: check the spelling',
    'clearRatio must be above 0 and below raiseRatio, 0.6',
  ]);
});

test('a name that a schema would pass over in silence is refused wherever it stands', () => {
  const refused = (json: string) => faults(JSON.parse(json))[0] ?? '';
  for (const [json, field] of [
    ['{"__proto__":{"threshold":1}}', '__proto__'],
    ['{"constructor":1}', 'constructor'],
    ['{"default":{"__proto__":1}}', 'default.__proto__'],
    ['{"default":{},"__proto__":1}', '__proto__'],
    ['{"cylinders":{"__proto__":{"threshold":0.7}}}', 'cylinders.__proto__'],
    ['{"cylinders":{"a":{"__proto__":{"threshold":7}}}}', 'cylinders.a.__proto__'],
    ['{"cylinders":{"a":3}}', 'cylinders.a'],
  ] as const)
    assert.match(refused(json), new RegExp(`^${RegExp.escape(field)} (is no|must be an object)`), json);
});

test('where a policy comes from may stand in its file and changes nothing', () => {
  const book = read({
    provenance: { by: 'sentinel tune', result: { detected: 1 } },
    default: { threshold: 0.7 },
  });
  assert.equal(book.of('press').threshold, 0.7);
  assert.deepEqual(faults({ provenance: 'me', default: {} }), ['provenance must be an object']);
});

const OF_PERIODS = [
  {},
  { windowMs: 30_000, latenessMs: 2000 },
  PRESSES,
  {
    default: { samplePeriodMs: 10_000, windowMs: 100_000 },
    cylinders: { 'press-*': { samplePeriodMs: 1000, windowMs: 60_000 } },
  },
  {
    cylinders: {
      'press-*': { samplePeriodMs: 60_000, windowMs: 600_000, staleAfterMs: 120_000, latenessMs: 60_000 },
    },
  },
  { default: { flapping: { reopenings: 5 } }, cylinders: { 'press-*': { flapping: { withinMs: 60_000 } } } },
];

for (const policies of OF_PERIODS)
  test(`written for a period, ${JSON.stringify(policies)} says what it says when one is stated`, () => {
    for (const periodMs of [100, 1000, 2000, 7000, 60_000]) {
      const stated = bookAtPeriods(read(policies), () => periodMs);
      const written = read(policiesAtPeriod(policies, periodMs));
      for (const cylinder of ['lift', 'press-2', 'press-1', 'a-old'])
        assert.deepEqual(written.of(cylinder), stated.of(cylinder), `${cylinder} at ${periodMs} ms`);
    }
  });
