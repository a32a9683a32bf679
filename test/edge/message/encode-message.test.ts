import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMessage } from '../../../domain/message/read-message.ts';
import { encodeMessages, encodeStatus, type ScoredSample } from '../../../edge/message/encode-message.ts';

const SENDER = { gateway: 'gw-1', cylinder: 'cyl-07', boot: '0199-boot', model: 'anomaly-detection@1.2.0' };

const anySample: fc.Arbitrary<ScoredSample> = fc.record({
  t: fc.integer({ min: 0, max: 4e12 }),
  seq: fc.nat(),
  values: fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
    minLength: 6,
    maxLength: 6,
  }),
  probability: fc.float({ min: 0, max: 1, noNaN: true }),
  why: fc.option(
    fc.array(
      fc.integer({ min: -9999, max: 9999 }).map((n) => n / 1000),
      { minLength: 6, maxLength: 6 },
    ),
  ),
});

test('whatever is written is read back as it was, in order, in messages of at most ten samples and 4,500 bytes', () => {
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 35 }), (samples) => {
      const messages = encodeMessages(SENDER, samples);
      const read = messages.flatMap(({ topic, payload, samples: count }) => {
        const body = Buffer.from(payload);
        assert.ok(body.length <= 4500 && count <= 10);
        const reading = readMessage({ topic, body, receivedAt: 0, client: null });
        assert.deepEqual(reading.rejections, []);
        assert.equal(reading.samples.length, count);
        return reading.samples;
      });
      assert.deepEqual(
        read.map(({ probability, ...rest }) => ({ ...rest, probability: Math.fround(probability) })),
        samples.map((sample) => ({
          ...SENDER,
          ...sample,
          values: sample.values.map((value) => (value === null ? null : value + 0)),
        })),
      );
    }),
  );
});

test('ten samples with every value and contribution at full length fit one message', () => {
  const full: ScoredSample = {
    t: 1763800000123,
    seq: 123456789,
    values: [48.21, 2.312, 1.923, 3.412, 41.02, 1180],
    probability: Math.fround(0.987654321),
    why: [-0.123456, 1.823456, 0.212345, -0.612345, 0.112345, -0.112345],
  };
  const messages = encodeMessages(SENDER, new Array(10).fill(full));
  assert.equal(messages.length, 1);
  assert.equal(messages[0]?.samples, 10);
});

test('a sensor that did not answer is absent, and contributions are too when there are none', () => {
  const [message] = encodeMessages(SENDER, [
    { t: 1, seq: 0, values: [null, 2, null, 4, 5, 0], probability: 0.5, why: null },
  ]);
  assert.deepEqual(JSON.parse(message?.payload ?? ''), {
    v: 1,
    cylinder: 'cyl-07',
    boot: '0199-boot',
    model: 'anomaly-detection@1.2.0',
    samples: [
      {
        t: 1,
        seq: 0,
        rVibration_Z_RMS_Velocity: 2,
        wRMSCurrent: 4,
        wCurrentLoad: 5,
        wEncoderVelocity: 0,
        probability: 0.5,
      },
    ],
  });
  assert.equal(message?.topic, 'greengrass/ml/inference/gw-1/cyl-07');
});

test('no samples make no message', () => {
  assert.deepEqual(encodeMessages(SENDER, []), []);
});

test('a status is small enough for every way out, however long a fault is', () => {
  const modelError = `${'ä"'.repeat(5000)} the end`;
  const text = encodeStatus({ kind: 'model', t: 1, model: 'm@1', modelError });
  assert.ok(Buffer.byteLength(text) < 4500, `${Buffer.byteLength(text)}`);
  const { v, kind, modelError: told } = JSON.parse(text);
  assert.deepEqual([v, kind], [1, 'model']);
  assert.match(told, /^ä"ä".*…$/);
});

test('a fault of usual length is told whole', () => {
  const status = {
    kind: 'source',
    t: 1,
    source: 'stdin',
    badLines: 2,
    message: 'line 2: no object',
  } as const;
  assert.deepEqual(JSON.parse(encodeStatus(status)), { v: 1, ...status });
});
