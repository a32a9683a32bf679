import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack } from '../../aws/dynamodb/packed.ts';
import { lakeDocument, SAMPLE_COLUMNS } from '../../aws/firehose/documents.ts';
import {
  meteredWrites,
  SAMPLE_ATTRIBUTES,
  sampleRecord,
  recordBytes as storedBytes,
  writeRequests,
} from '../../aws/timestream/record.ts';
import {
  DRIFT_STATE_BYTES,
  DRIFT_TWIN_BYTES,
  LAKE_SAMPLE_BYTES,
  messageBytes,
  recordBytes,
  SHADOW_UPDATE_BYTES,
  STATE_ITEM_BYTES,
  TIMESTREAM_SAMPLE_BYTES,
  TIMESTREAM_SHARED_BYTES,
  TWIN_ITEM_BYTES,
} from '../../cost/assumed.ts';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { Drift } from '../../domain/drift/drift.ts';
import { foldRecord, type RecordFold, refreshTwin } from '../../domain/fold/fold-record.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { lineMessages } from './line-samples.ts';

const START_MS = 1_795_468_204_000;
const BOOT = '3f8a2c1e-7b4d-4e6f-9a0b-1c2d3e4f5a10';
const MODEL = 'anomaly-detection@1.2.0';

const messages = await lineMessages(40);
const samples = messages.flatMap((message) => message.samples);

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Assumed is what is measured or a little more: a price must never look better than it is. */
const covers = (assumed: number, measured: number): void => {
  assert.ok(assumed >= measured * 0.995, `${assumed} assumed, ${measured} measured`);
  assert.ok(assumed <= measured * 1.15, `${assumed} assumed, ${measured} measured`);
};

/** What a batch of samples counts as in Timestream, bytes a sample. */
const written = (batch: readonly StoredSample[]): number => {
  const requests = writeRequests(
    batch.map((of) => ({ of, record: sampleRecord(of) })),
    SAMPLE_ATTRIBUTES,
  );
  const writes = requests.map(({ common, entries }) =>
    meteredWrites(
      entries.map(({ record }) => record),
      common,
    ),
  );
  return (writes.reduce((sum, count) => sum + count, 0) * 1024) / batch.length;
};

test('a message of ten samples is as large as the gateway encodes it', () => {
  assert.equal(messages.length, 200);
  covers(messageBytes(10), mean(messages.map(({ bytes }) => bytes)));
});

test('a record of the stream is the message in base64 with what the rule adds', () => {
  const body = Buffer.alloc(messageBytes(10)).toString('base64');
  const topic = 'greengrass/ml/inference/line-01/line-01-cyl-07';
  const document = { body, topic, receivedAt: 1_795_468_204_000, client: 'line-01' };
  covers(recordBytes(10), JSON.stringify(document).length);
});

test('a sample for Firehose is as large as the lake writes it', () => {
  const documents = samples.map((sample) => lakeDocument(SAMPLE_COLUMNS, sample));
  covers(
    LAKE_SAMPLE_BYTES,
    mean(documents.map((document) => ('bytes' in document ? document.bytes : Number.NaN))),
  );
});

test('a sample in Timestream is as large as AWS counts its record', () => {
  const stored = samples.map((sample) => storedBytes({ ...SAMPLE_ATTRIBUTES, ...sampleRecord(sample) }));
  covers(TIMESTREAM_SAMPLE_BYTES, mean(stored));
});

test('a request of one message counts no more writes than is assumed', () => {
  const own = TIMESTREAM_SAMPLE_BYTES - TIMESTREAM_SHARED_BYTES.direct;
  const assumed = (Math.ceil((10 * own + TIMESTREAM_SHARED_BYTES.direct) / 1024) * 1024) / 10;
  assert.ok(assumed >= written(messages[0]?.samples ?? []));
});

test('a request of a hundred samples of many gateways counts no more writes than is assumed', () => {
  const own = TIMESTREAM_SAMPLE_BYTES - TIMESTREAM_SHARED_BYTES.stream;
  const assumed = (Math.ceil((100 * own + TIMESTREAM_SHARED_BYTES.stream) / 1024) * 1024) / 100;
  assert.ok(assumed >= written(samples), `${assumed} assumed, ${written(samples)} counted`);
});

/** The record of a cylinder after two hours with incidents in them. */
const afterAnIncident = (): CylinderRecord => {
  const line = createLine({ cylinders: 1, seed: 7, startMs: START_MS });
  let record: CylinderRecord | null = null;
  for (let batch = 0; batch < 360; batch += 1) {
    const receivedAt = START_MS + batch * 20_000 + 20_300;
    const batchSamples = Array.from({ length: 20 }, (_, index) => {
      const seq = batch * 20 + index;
      const t = START_MS + seq * 1000;
      // Abnormal for a while in each quarter of an hour, so that there is an incident to remember.
      const probability = seq % 900 < 240 ? 0.93412345 : 0.00042545787;
      const why = [-0.9791, -1.58, -2.288, -0.3113, 0.01694, 1.678];
      const values = line.at(t)[0]?.values ?? [];
      return {
        cylinder: 'line-01-cyl-07',
        gateway: 'line-01',
        t,
        boot: BOOT,
        seq,
        model: MODEL,
        values,
        probability,
        why,
      };
    });
    const input = { kind: 'samples', receivedAt, samples: batchSamples } as const;
    const fold: RecordFold = foldRecord('line-01-cyl-07', record, input, DEFAULT_POLICY);
    record = refreshTwin(fold.record, receivedAt, DEFAULT_POLICY).record;
  }
  return record ?? assert.fail('there is no record');
};

test('a state and a twin in the ledger are no larger than is assumed', () => {
  const record = afterAnIncident();
  assert.ok(record.alarm.incident);
  const item = (parts: number): number => parts + 150;
  const packed = pack(cylinderCodec.encode(record)).length;
  assert.ok(item(packed) <= STATE_ITEM_BYTES, String(packed));
  const twin = JSON.stringify(buildTwin(record, START_MS + 7_200_300, DEFAULT_POLICY.staleAfterMs));
  assert.ok(twin.length + 80 <= TWIN_ITEM_BYTES, String(twin.length));
});

test('what drift adds to them is no more than is assumed', () => {
  // A card of seven histograms of ten bins, a day of a sample a second in them, and the shares of the first day.
  const spread = (parts: number) => (_: unknown, index: number) =>
    Math.floor(parts * (0.4 + ((index * 0.6180339887) % 1.2)));
  const drift: Drift = {
    reference: '1064t9p1sxwjvu',
    fromHour: 490_998,
    hour: 491_026,
    minute: 29_461_619,
    counts: Array.from({ length: 77 }, spread(7854)),
    own: Array.from({ length: 77 }, spread(90)),
    heldSince: [1_767_697_199_000, ...Array.from({ length: 5 }, () => 1_767_697_198_000)],
    psi: [0.35, 0.39, 0.06, 0.15, 0.04, 0.01, 0.07],
    found: [{ what: 'rVibration_Temp', kind: 'moved' }],
    since: 1_767_690_000_000,
  };
  const record = afterAnIncident();
  assert.ok(record.statistics !== null);
  const drifting = { ...record, statistics: { ...record.statistics, drift } };
  const packedBytes = (of: CylinderRecord): number => pack(cylinderCodec.encode(of)).length;
  const twinBytes = (of: CylinderRecord): number =>
    JSON.stringify(buildTwin(of, START_MS + 7_200_300, DEFAULT_POLICY.staleAfterMs)).length;
  covers(DRIFT_STATE_BYTES, packedBytes(drifting) - packedBytes(record));
  covers(DRIFT_TWIN_BYTES, twinBytes(drifting) - twinBytes(record));
  assert.ok(STATE_ITEM_BYTES + DRIFT_STATE_BYTES <= 2048 && SHADOW_UPDATE_BYTES + DRIFT_TWIN_BYTES <= 1024);
});

test('an update of a shadow is one operation', () => {
  assert.ok(SHADOW_UPDATE_BYTES <= 1024);
});
