import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeCodec } from '../../../usecases/ledger/codecs/notice-codec.ts';
import { EVERY_NOTICE, FACTS, noticeOf, SILENT_GATEWAY } from '../../fixture/notice-samples.ts';

const readNotice = (value: unknown) => noticeCodec.fromStored(value, 'n');

const kept = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [name, notice] of EVERY_NOTICE) {
  test(`${name} is read as it was kept`, () =>
    assert.deepEqual(readNotice(kept(noticeCodec.toStored(notice))), notice));
}

const { output } = noticeOf('RAISED');
const NO_NOTICES: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['a text', 'RAISED'],
  ['no output', { facts: FACTS }],
  ['a type that is none', { output: { ...output, type: 'EXPLODED' }, facts: null }],
  ['no id', { output: { ...output, id: '' }, facts: null }],
  ['a cylinder that is no name', { output: { ...output, cylinder: 'a/b' }, facts: null }],
  ['a time that is none', { output: { ...output, at: 8.64e15 + 1 }, facts: null }],
  ['a gateway of an incident', { output: { ...output, cylinder: undefined, gateway: 'g' }, facts: null }],
  ['an occurrence without a count', { output: { ...output, type: 'OCCURRED', incidents: [] }, facts: null }],
  ['silence of nobody', { output: { ...SILENT_GATEWAY.output, gateway: null }, facts: null }],
];
for (const [what, value] of NO_NOTICES) {
  test(`${what} is no notice`, () =>
    assert.throws(() => readNotice(value), { name: 'RecordError', code: 'UnreadableRecord' }));
}

test('a notice whose facts are not understood is told without them', () => {
  for (const facts of [undefined, 7, { ...FACTS, advice: 'pray' }, { ...FACTS, beganAt: -1 }]) {
    assert.deepEqual(readNotice({ output, facts }), { output, facts: null });
  }
});

test('a sensor that moved beyond all measure is read with its value', () => {
  const [mover] = FACTS.deviations;
  assert.ok(mover);
  const facts = { ...FACTS, deviations: [{ ...mover, deviation: Number.POSITIVE_INFINITY }] };
  assert.deepEqual(readNotice(kept({ output, facts })).facts?.deviations, [{ ...mover, deviation: 0 }]);
});
