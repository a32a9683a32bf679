import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMessage } from '../../../domain/message/read-message.ts';
import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { encodeMessages, type ScoredSample } from '../../../edge/message/encode-message.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import { openFileStore } from '../../../edge/queue/file-store.ts';
import { decodeBody, encodeBody } from '../../../edge/queue/sample-table.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { bytesOf, sound, stump } from '../model/stump.ts';

const modelNamed = (name: string, right: number) =>
  sound(readModel(bytesOf(stump({ feature: 1, split: 2.5, left: -1, right })), name));

const HOT = [50, 3, 2, 4, 50, 1000];

test('a scorer gives the word of the model on trial beside that of the other, which is as it was', () => {
  const alone = createScorer(modelNamed('old', 1)).score(HOT);
  const scorer = createScorer(modelNamed('old', 1), modelNamed('new', -1));
  const { challenger, ...both } = scorer.score(HOT);
  assert.deepEqual(both, alone);
  assert.equal(challenger?.probability.toFixed(4), '0.2689');
  assert.match(challenger?.model ?? '', /^new@/);
  scorer.swapChallenger(modelNamed('newer', 1));
  assert.match(scorer.score(HOT).challenger?.model ?? '', /^newer@/);
});

const six = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 6, maxLength: 6 });

test('the word of a model on trial lasts in the queue, beside contributions and without', () => {
  fc.assert(
    fc.property(
      six(fc.option(fc.double({ noNaN: true }))),
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.option(six(fc.float({ noNaN: true }))),
      (values, probability, challengerProbability, why) => {
        const sample = { values, probability, why, challengerProbability };
        assert.deepEqual(decodeBody(encodeBody(sample)), sample);
      },
    ),
  );
});

const SENDER = { gateway: 'gw-1', cylinder: 'cyl-07', boot: 'b', model: 'old@1', challenger: 'new@2' };
const SAMPLE: ScoredSample = {
  t: 1763800000123,
  seq: 123456789,
  values: [48.21, 2.312, 1.923, 3.412, 41.02, 1180],
  probability: Math.fround(0.987654321),
  why: [-0.123456, 1.823456, 0.212345, -0.612345, 0.112345, -0.112345],
  challengerProbability: Math.fround(0.123456789),
};

test('it is in the message once by name and in each sample as a number, and ten samples fit one message still', () => {
  const messages = encodeMessages(SENDER, new Array(10).fill(SAMPLE));
  assert.equal(messages.length, 1);
  const { topic = '', payload = '' } = messages[0] ?? {};
  const { samples } = readMessage({ topic, body: Buffer.from(payload), receivedAt: 0, client: null });
  assert.equal(samples.length, 10);
  assert.equal(samples[0]?.challenger?.model, 'new@2');
  assert.equal(Math.fround(samples[0]?.challenger?.probability ?? 0), SAMPLE.challengerProbability);
});

test('a queue that was made before models were on trial takes their word, and keeps what it holds', () => {
  const path = join(scratchFolder(), 'queue.sqlite');
  openFileStore(path).close();
  const database = new DatabaseSync(path);
  database.exec('ALTER TABLE origin DROP COLUMN challenger');
  database.exec("INSERT INTO origin VALUES (1, 'c', 'b', 'old@1')");
  database
    .prepare('INSERT INTO sample VALUES (1, 1, 0, ?)')
    .run(encodeBody({ values: [1, 2, 3, 4, 5, 6], probability: 0.5, why: null }));
  database.exec('UPDATE tally SET samples = 1');
  database.close();
  const store = openFileStore(path);
  const origin = { cylinder: 'c', boot: 'b', model: 'old@1', challenger: 'new@2' };
  store.transaction(() => {
    const originId = store.origins.idOf(origin);
    store.origins.save();
    store.samples.insert([{ originId, origin, sample: { ...SAMPLE, t: 2 } }]);
  });
  store.origins.saved();
  store.close();
  const again = openFileStore(path);
  const held = again.samples.between(0, 10, 10);
  again.close();
  assert.deepEqual(
    held.map(({ origin: { challenger }, sample: { challengerProbability } }) => [
      challenger,
      challengerProbability,
    ]),
    [
      [undefined, undefined],
      ['new@2', SAMPLE.challengerProbability],
    ],
  );
});
