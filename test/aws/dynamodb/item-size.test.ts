import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { changeItems } from '../../../aws/dynamodb/change-items.ts';
import { itemBytes } from '../../../aws/dynamodb/save.ts';
import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { foldRecord, refreshTwin, type TwinRefresh } from '../../../domain/fold/fold-record.ts';
import { received } from '../../../domain/message/read-message.ts';
import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { encodeMessages, type ScoredSample } from '../../../edge/message/encode-message.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import { type Model, modelLabel } from '../../../edge/model/model.ts';
import { createLine } from '../../../edge/simulator/line.ts';

const MODEL = fileURLToPath(new URL('../../../edge/model/simulated-line.json', import.meta.url));
const START_MS = Date.UTC(2026, 0, 5, 6);
const SECONDS = 3600;
const BATCH = 10;
const CYLINDER = 'cyl-01';
/** What one write unit of DynamoDB holds. */
const WRITE_UNIT_BYTES = 1024;

let model: Model;
before(async () => {
  const loaded = await loadModel(MODEL);
  assert.ok(loaded.ok);
  model = loaded.model;
});

type Moment = Readonly<{ record: CylinderRecord }> & TwinRefresh;

/** An hour of a cylinder that falls ill after a quarter and is mended after three, as its gateway tells it. */
const anHour = (windowSlots: number): readonly Moment[] => {
  const policy = { ...DEFAULT_POLICY, windowMs: windowSlots * DEFAULT_POLICY.samplePeriodMs };
  const minute = 60_000;
  const line = createLine({
    cylinders: 1,
    seed: 7,
    startMs: START_MS,
    faults: [
      {
        cylinder: 0,
        kind: 'bearing-wear',
        beginMs: START_MS + 15 * minute,
        growMs: 5 * minute,
        endMs: START_MS + 45 * minute,
      },
    ],
  });
  const sender = {
    gateway: 'line-1',
    cylinder: CYLINDER,
    boot: '5f3c1c9e-8a62-4f0e-9a83-0d9a4e1f7b2d',
    model: modelLabel(model),
  };
  const { score } = createScorer(model);
  const moments: Moment[] = [];
  let record: CylinderRecord | null = null;
  for (let second = 0; second < SECONDS; second += BATCH) {
    const samples = Array.from({ length: BATCH }, (_, index): ScoredSample => {
      const t = START_MS + (second + index) * 1000;
      const values = line.at(t)[0]?.values ?? [];
      return { t, seq: second + index, values, ...score(values) };
    });
    const receivedAt = START_MS + (second + BATCH) * 1000 + 137;
    for (const { topic, payload } of encodeMessages(sender, samples)) {
      const raw = { topic, body: Buffer.from(payload), receivedAt, client: null };
      const input = { kind: 'samples', receivedAt, samples: received(raw).reading.samples } as const;
      record = foldRecord(CYLINDER, record, input, policy).record;
    }
    record = foldRecord(CYLINDER, record, { kind: 'tick', receivedAt }, policy).record;
    const refreshed = refreshTwin(record, receivedAt, policy);
    record = refreshed.record;
    moments.push(refreshed);
  }
  return moments;
};

for (const windowSlots of [60, 600]) {
  test(`with a window of ${windowSlots} slots a state and a twin are one write unit each, in health and in trouble`, () => {
    const conditions = new Set<string>();
    let refreshes = 0;
    for (const moment of anHour(windowSlots)) {
      const { record } = moment;
      const change = {
        kind: 'cylinder',
        name: CYLINDER,
        expected: 1_000_000,
        ...moment,
        notices: [],
        transitions: [],
        incidents: [],
      } as const;
      const { state, others } = changeItems(change, {
        dueBound: record.dueAt,
        createdAt: 0,
      });
      for (const item of [state, ...others]) assert.ok(itemBytes(item) <= WRITE_UNIT_BYTES);
      if ('refreshedAt' in state) refreshes += 1;
      conditions.add(record.alarm.condition);
    }
    assert.ok(refreshes > 5);
    assert.deepEqual([...conditions].toSorted(), ['ACTIVE', 'CLEARING', 'NORMAL', 'SUSPECT']);
  });
}
