import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DEFAULT_BOOK, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { driftReference } from '../../domain/drift/drift-reference.ts';
import { foldInputs } from '../../domain/fold/fold-inputs.ts';
import { type Sample, SENSORS } from '../../domain/message/sample.ts';
import { referenceOf } from '../../domain/model/model-card.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import { plainText } from '../../notification/notice-view.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';

const BEGIN_MS = Date.UTC(2026, 2, 9);
const MINUTE_MS = 60_000;
const valuesAt = (minute: number): readonly number[] =>
  SENSORS.map((_, sensor) => 10 * sensor + Math.sin(minute * (0.7 + sensor * 0.13)));

const rows = Array.from({ length: 3000 }, (_, minute) => valuesAt(minute));
const reference = driftReference(
  referenceOf(
    rows,
    rows.map((_, minute) => (minute % 9) / 100),
  ),
);
const reading = readPolicyBook({
  samplePeriodMs: MINUTE_MS,
  latenessMs: MINUTE_MS,
  windowMs: 10 * MINUTE_MS,
  staleAfterMs: 10 * MINUTE_MS,
});
const book = reading.ok ? reading.book : assert.fail(JSON.stringify(reading.faults));

const sampleAt = (minute: number): Sample => ({
  cylinder: 'press-1',
  gateway: 'line-1',
  t: BEGIN_MS + minute * MINUTE_MS,
  boot: null,
  seq: null,
  model: 'm@1',
  values: valuesAt(minute).map((value, sensor) => (sensor === 2 && minute > 300 ? 7 : value)),
  probability: (minute % 9) / 100,
  why: null,
});

const followed = (policies: typeof DEFAULT_BOOK) => {
  let record: CylinderRecord | null = null;
  const notices: Notice[] = [];
  for (let minute = 0; minute < 600; minute += 1) {
    const receivedAt = BEGIN_MS + minute * MINUTE_MS + 500;
    const fold = foldInputs(
      'press-1',
      record,
      [{ kind: 'samples', receivedAt, samples: [sampleAt(minute)] }],
      policies,
    );
    assert.ok(fold !== null);
    record = cylinderCodec.fromStored(
      JSON.parse(JSON.stringify(cylinderCodec.toStored(fold.record))),
      'press-1',
    );
    for (const notice of fold.notices)
      notices.push(
        noticeCodec.fromStored(JSON.parse(JSON.stringify(noticeCodec.toStored(notice))), notice.output.id),
      );
  }
  assert.ok(record !== null);
  return { record, notices };
};

test('drift goes through the ledger into the twin and into one notice, which says what is amiss in words', () => {
  const { record, notices } = followed({ ...book, reference });
  assert.equal(notices.length, 1);
  const [notice] = notices;
  assert.ok(notice !== undefined);
  assert.deepEqual([notice.output.type, notice.output.id.replace(/\d+~/, '~')], ['DRIFTED', 'press-1@~1']);
  assert.match(
    plainText(notice, { timeZone: 'UTC' }).join('\n'),
    /unlike what its model knows.*[\s\S]*vibration X stands still/,
  );
  const korean = plainText(notice, { timeZone: 'UTC', language: 'ko' }).join('\n');
  assert.match(korean, /X축 진동 값이 멈춰 있음/);
  const { drift } = buildTwin(record, BEGIN_MS + 600 * MINUTE_MS, MINUTE_MS);
  assert.match(JSON.stringify(drift), /"found":\["rVibration_X_RMS_Velocity stuck"\]/);
});

test('without a reference nothing of it is kept or told', () => {
  const { record, notices } = followed(book);
  assert.deepEqual(notices, []);
  assert.equal(record.statistics?.drift, undefined);
});
