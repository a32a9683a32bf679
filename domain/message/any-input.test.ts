import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RECEIVED_AT, TOPIC } from '../../test/fixture/message.ts';
import { RUNS } from '../../test/fixture/property-runs.ts';
import { textAdvice } from './body-text.ts';
import { parseLoosely } from './decode-body.ts';
import { readMessage, readPayload } from './read-message.ts';
import { SENSORS } from './sample.ts';

const topics = fc.oneof(
  fc.constant(TOPIC),
  fc.constant('greengrass/ml/inference/g'),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary' }).map((rest) => `greengrass/ml/inference/${rest}`),
);

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 0.5, 1, 8.64e15, 1e21, 5e-324));
const anyField = fc.oneof(
  { weight: 4, arbitrary: anyNumber },
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, true, 'NaN'),
  fc.array(anyNumber, { maxLength: 8 }),
  fc.jsonValue({ maxDepth: 2 }),
);

const field = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor', 'extra'), anyField, { maxKeys: 8 });
const anySample = fc.oneof(
  {
    weight: 5,
    arbitrary: field(['t', 'sDateTime', 'timeInSeconds', 'seq', 'probability', 'why', ...SENSORS]),
  },
  {
    weight: 3,
    arbitrary: fc.record({ t: fc.nat(), probability: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  fc.jsonValue({ maxDepth: 1 }),
);
const anyPayload = fc.record(
  {
    v: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, anyField),
    cylinder: fc.oneof({ weight: 5, arbitrary: fc.constant('cyl-07') }, anyField),
    boot: fc.oneof(fc.constant('b1'), anyField),
    model: anyField,
    samples: fc.oneof({ weight: 5, arbitrary: fc.array(anySample, { maxLength: 6 }) }, anyField),
  },
  { requiredKeys: [] },
);

test('whatever the bytes and the topic, a message is read or refused and nothing is thrown', () => {
  fc.assert(
    fc.property(topics, fc.uint8Array({ maxLength: 200 }), (topic, bytes) => {
      const { samples, rejections } = readMessage({
        topic,
        body: bytes,
        receivedAt: RECEIVED_AT,
        client: null,
      });
      assert.ok(samples.length + rejections.length > 0 || bytes.length === 0);
    }),
    RUNS,
  );
});

test('whatever the JSON and the topic, a message is read or refused and nothing is thrown', () => {
  fc.assert(
    fc.property(topics, fc.json({ maxDepth: 4 }), (topic, text) => {
      const bytes = new TextEncoder().encode(text);
      const { samples, rejections } = readMessage({
        topic,
        body: bytes,
        receivedAt: RECEIVED_AT,
        client: null,
      });
      assert.ok(samples.length + rejections.length > 0 || bytes.length === 0);
    }),
    RUNS,
  );
});

test('every element of samples is a sample or a rejection that names its place, or the message is refused whole', () => {
  let whole = 0;
  fc.assert(
    fc.property(anyPayload, (payload) => {
      const { samples, rejections } = readPayload(TOPIC, payload);
      const [first] = rejections;
      if (rejections.length === 1 && first?.index === null) {
        assert.deepEqual(samples, []);
        return;
      }
      whole += 1;
      const elements = Array.isArray(payload.samples) ? payload.samples.length : 1;
      assert.equal(samples.length + rejections.length, elements);
      const places = rejections.map(({ index }) => index);
      assert.deepEqual(places, [...new Set(places)]);
      assert.ok(places.every((index) => index !== null && index >= 0 && index < elements));
    }),
    RUNS,
  );
  assert.ok(whole > RUNS.numRuns / 10, 'too few messages were read to say anything');
});

test('whatever is read as a sample keeps to its contract', () => {
  fc.assert(
    fc.property(anyPayload, (payload) => {
      for (const sample of readPayload(TOPIC, payload).samples) {
        assert.ok(Number.isInteger(sample.t) && sample.t >= 0 && sample.t <= 8.64e15);
        assert.ok(sample.probability >= 0 && sample.probability <= 1);
        assert.equal(sample.values.length, SENSORS.length);
        assert.ok(sample.values.every((value) => value === null || Number.isFinite(value)));
        assert.equal(sample.boot === null, sample.seq === null);
        assert.ok(sample.why === null || sample.why.length === SENSORS.length);
        assert.equal(sample.cylinder, 'cyl-07');
      }
    }),
    RUNS,
  );
});

test('no body keeps the reader busy: one that is made for that takes no longer than its length', () => {
  const n = 120_000;
  const bodies = [
    `[${'1'.repeat(n)}x`,
    `[${'1.'.repeat(n / 2)}x`,
    `[1e${'1'.repeat(n)}x`,
    `[${' '.repeat(n)}1x`,
    `[1${' '.repeat(n)}x`,
    `{"t":${' 1'.repeat(n / 2)}`,
    '"'.repeat(n + 1),
    `["${'\\'.repeat(n)}`,
    `[${'nan('.repeat(n / 4)}`,
    `[-1.#IND${'1'.repeat(n)}x`,
    `["${'\\"'.repeat(n / 2)}`,
    `${'1;'.repeat(n / 2)}{`,
    `${'a=1,'.repeat(n / 4)}{`,
  ];
  // Where one of them took the square of its length, this would not end within minutes.
  for (const body of bodies) {
    assert.equal(parseLoosely(body), undefined, body.slice(0, 10));
    textAdvice(body, 'Unexpected token');
  }
});
