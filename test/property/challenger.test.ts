import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldInputs } from '../../domain/fold/fold-inputs.ts';
import { readMessage } from '../../domain/message/read-message.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { RUNS } from '../fixture/property-runs.ts';

const reading = readPolicyBook({
  ...SHORT_POLICY,
  idle: undefined,
  windowMs: 5000,
  latenessMs: 1000,
});
const book = reading.ok ? reading.book : assert.fail(JSON.stringify(reading.faults));

type Word = Readonly<{ challenger?: unknown; challengerProbability?: unknown }>;

const RECEIVED = 1_763_800_000_000;

/** The input as it comes over the wire, where a challenger adds its word to the message and to each sample. */
const overTheWire = (input: CylinderInput, words: readonly Word[]): CylinderInput => {
  if (input.kind !== 'samples') return input;
  const { challenger } = words[0] ?? {};
  const samples = input.samples.map(({ t, values, probability }, index) => ({
    t: RECEIVED + t,
    ...Object.fromEntries(SENSORS.map((sensor, place) => [sensor, values[place]])),
    probability,
    challengerProbability: words[index % Math.max(1, words.length)]?.challengerProbability,
  }));
  const body = Buffer.from(JSON.stringify({ v: 1, cylinder: 'c', model: 'm@1', challenger, samples }));
  const raw = {
    topic: 'greengrass/ml/inference/g/c',
    body,
    receivedAt: RECEIVED + input.receivedAt,
    client: null,
  };
  return { ...input, receivedAt: raw.receivedAt, samples: readMessage(raw).samples };
};

/** All that leaves the fold, in the bytes in which it is stored and told. */
const everythingOf = (inputs: readonly CylinderInput[]): string => {
  let record: CylinderRecord | null = null;
  const said: unknown[] = [];
  for (const input of inputs) {
    const fold = foldInputs('c', record, [input], book);
    if (fold === null) continue;
    record = cylinderCodec.fromStored(JSON.parse(JSON.stringify(cylinderCodec.toStored(fold.record))), 'c');
    said.push(fold);
  }
  return JSON.stringify([said, record]);
};

const word = fc.record(
  {
    challenger: fc.constantFrom<unknown>('new@1', 'new@1', 'other@2', '', 7, null, 'x'.repeat(500)),
    challengerProbability: fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom<unknown>(-1, 2, 'high', null, [], true),
    ),
  },
  { requiredKeys: [] },
);

test('notices, ledger and twin are the same to the byte with and without a model on trial, whatever that one says', () => {
  let stored = 0;
  fc.assert(
    fc.property(happenings, fc.array(word, { minLength: 1, maxLength: 5 }), (happened, words) => {
      const inputs = inputsOf(happened);
      const tried = inputs.map((input) => overTheWire(input, words));
      stored += tried.filter(
        (input) => input.kind === 'samples' && input.samples.some((s) => s.challenger),
      ).length;
      assert.equal(everythingOf(tried), everythingOf(inputs.map((input) => overTheWire(input, []))));
    }),
    RUNS,
  );
  assert.ok(stored > 0, 'no sample of any stream was scored by a model on trial');
});
