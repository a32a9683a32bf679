import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { quarantineText } from '../../../aws/s3/quarantine.ts';
import { type Reading, readDeadLetter, readFailedBatch } from '../../../cli/redrive/read-dead-letter.ts';
import { readQuarantined } from '../../../cli/redrive.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { fixture, fixtureText, STACK } from './fixture.ts';

const SENT_AT = 1_763_800_009_000;
const letter = (value: unknown): Reading => readDeadLetter(JSON.stringify(value), STACK, SENT_AT);
const whyNot = (reading: Reading): string => (reading.kind === 'unknown' ? reading.why : 'it was understood');

/** The same document with one of its fields, at any depth, changed. */
const changed = (name: Parameters<typeof fixture>[0], from: string, to: string) =>
  JSON.parse(fixtureText(name).replaceAll(from, to));

describe('a dead letter', () => {
  test('of an asynchronous call that failed is the same call again', () => {
    assert.deepEqual(letter(fixture('async-record')), {
      kind: 'calls',
      what: 'call of cylinder-sentinel-dev-store (RetriesExhausted)',
      calls: [{ functionName: 'cylinder-sentinel-dev-store', event: fixture('async-record').requestPayload }],
    });
  });

  test('of a rule that could not act is the message for both functions, received when the letter was sent', () => {
    const { topic, base64OriginalPayload: body } = fixture('rule-error');
    const event = { body, topic, receivedAt: SENT_AT, client: 'line-3' };
    assert.deepEqual(letter(fixture('rule-error')), {
      kind: 'calls',
      what: 'message on greengrass/ml/inference/line-3/cyl-07 (cylinder_sentinel_dev_inference)',
      calls: [
        { functionName: 'cylinder-sentinel-dev-store', event },
        { functionName: 'cylinder-sentinel-dev-watch', event },
      ],
    });
  });

  test('of a message published over HTTPS has no client, and an empty message is one too', () => {
    const reading = letter({ ...fixture('rule-error'), clientId: 'N/A', base64OriginalPayload: '' });
    assert.ok(reading.kind === 'calls');
    const { topic } = fixture('rule-error');
    assert.deepEqual(reading.calls[0]?.event, { body: '', topic, receivedAt: SENT_AT, client: null });
  });

  test('of a message that was published straight to the rule has the topic that the rule sees', () => {
    const { topic } = fixture('rule-error');
    const reading = letter({ ...fixture('rule-error'), topic: `$aws/rules/inference/${topic}` });
    assert.deepEqual(reading, letter(fixture('rule-error')));
  });

  test('of the rule on what is desired of a twin is what is desired, for the commands', () => {
    const reading = letter(fixture('rule-error-desired'));
    assert.ok(reading.kind === 'calls');
    assert.deepEqual(reading.calls, [
      {
        functionName: 'cylinder-sentinel-dev-command',
        event: { desired: { ack: { by: 'ana', id: 'a-1' } }, thing: 'cyl-07', receivedAt: SENT_AT },
      },
    ]);
  });

  for (const [what, value, why] of [
    [
      'of a function of another stack',
      changed('async-record', 'sentinel-dev-store', 'sentinel-prod-store'),
      /of cylinder-sentinel-prod-store, no function of cylinder-sentinel-dev/,
    ],
    ['that names no function', changed('async-record', ':lambda:', ':sqs:'), /names no function/],
    ['without its payload', { ...fixture('async-record'), requestPayload: undefined }, /carries no payload/],
    [
      'of a twin in which nothing is desired',
      { ...fixture('rule-error-desired'), base64OriginalPayload: 'e30=' },
      /nothing is desired/,
    ],
    [
      'of a rule whose payload is not base64',
      { ...fixture('rule-error'), base64OriginalPayload: '%' },
      /neither/,
    ],
    ['of another kind', { hello: 'world' }, /neither a failed call of a function nor/],
  ] as const) {
    test(`${what} is left and says why`, () => assert.match(whyNot(letter(value)), why));
  }

  test('of any text at all is read or left, never an error', () => {
    assert.match(whyNot(readDeadLetter('{', STACK, 0)), /is not JSON/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const reading of [
          readDeadLetter(text, STACK, 0),
          readFailedBatch(text, STACK),
          readQuarantined(text, STACK),
        ]) {
          assert.equal(reading.kind, 'unknown');
        }
      }),
    );
  });
});

describe('a failed batch', () => {
  for (const [name, functionName, what] of [
    ['failed-kinesis-batch', `${STACK}-watch`, 'batch of 2'],
    ['failed-dynamodb-batch', `${STACK}-twin`, 'batch of 1'],
  ] as const) {
    test(`of ${functionName} is the same event again, marked as given back, whether it is carried as text or as it is`, () => {
      const document = fixture(name);
      const event = JSON.parse(document.payload);
      for (const text of [fixtureText(name), JSON.stringify({ ...document, payload: event })]) {
        assert.deepEqual(readFailedBatch(text, STACK), {
          kind: 'calls',
          what: `${what} of ${functionName} (RetryAttemptsExhausted)`,
          calls: [{ functionName, event: { ...event, redriven: true } }],
        });
      }
    });
  }

  const document = fixture('failed-kinesis-batch');
  for (const [what, value, why] of [
    [
      'without its records, as a queue gets it',
      { ...document, payload: undefined },
      /does not carry the records/,
    ],
    ['without a single record', { ...document, payload: '{"Records":[]}' }, /does not carry the records/],
    ['whose records are broken text', { ...document, payload: '{"Records":[' }, /does not carry the records/],
    [
      'of a function of another stack',
      changed('failed-kinesis-batch', 'sentinel-dev-watch', 'sentinel-devil'),
      /no function of/,
    ],
    ['that is none', [], /not what Lambda writes/],
  ] as const) {
    test(`${what} is left and says why`, () =>
      assert.match(whyNot(readFailedBatch(JSON.stringify(value), STACK)), why));
  }
});

describe('a message in quarantine', () => {
  const readingOf = (body: string) => {
    const record = { raw: raw({ body: Buffer.from(body) }), rejections: [rejection()] };
    const reading = readQuarantined(quarantineText(record), STACK);
    assert.ok(reading.kind === 'calls');
    return reading;
  };

  test('is the message as it was received, for both functions', () => {
    const { what, calls } = readingOf('\u0000x');
    assert.equal(what, 'message on greengrass/ml/inference/line-3/cyl-07 (not-utf8)');
    assert.deepEqual(
      calls.map(({ functionName, event }) => [functionName, event]),
      ['store', 'watch'].map((name) => [
        `${STACK}-${name}`,
        {
          topic: 'greengrass/ml/inference/line-3/cyl-07',
          receivedAt: 1_763_800_000_456,
          client: 'line-3',
          body: Buffer.from('\u0000x').toString('base64'),
        },
      ]),
    );
  });

  const GOOD = '{"t":1763800000123,"probability":0.5,"wRMSCurrent":3.4}';
  for (const [what, body, answer, refusal] of [
    [
      'stays where store says so',
      GOOD,
      { stored: 0, repeated: 0, quarantined: 1 },
      'still not understood (not-utf8)',
    ],
    ['is done with where store says so', '{', { stored: 1, repeated: 0, quarantined: 0 }, null],
    [
      'stays where store says nothing and it is not understood here',
      '{',
      null,
      'still not understood (not-json)',
    ],
    ['is done with where store says nothing and it is understood here', GOOD, { ok: true }, null],
  ] as const) {
    test(what, () => {
      const [store, watch] = readingOf(body).calls;
      assert.equal(store?.refusal?.(answer), refusal);
      assert.equal(watch?.refusal, undefined);
    });
  }

  test('under another topic is judged by that', () => {
    const record = { raw: raw({ topic: 'plant/line-3/cyl-07', body: Buffer.from(GOOD) }), rejections: [] };
    const refusalOf = (prefix?: string) => {
      const reading = readQuarantined(quarantineText(record), STACK, prefix);
      assert.ok(reading.kind === 'calls');
      return reading.calls[0]?.refusal?.(null);
    };
    assert.deepEqual([refusalOf(), refusalOf('plant')], ['still not understood (topic)', null]);
  });
});
