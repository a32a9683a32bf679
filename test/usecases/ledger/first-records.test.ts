import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { unpack } from '../../../aws/dynamodb/packed.ts';
import { readLedgerItem } from '../../../aws/dynamodb/read-stream.ts';
import type { CylinderInput } from '../../../domain/alarm/fold-cylinder.ts';
import { policyFor } from '../../../domain/cylinder/cylinder-record.ts';
import { foldRecord, refreshTwin } from '../../../domain/fold/fold-record.ts';
import { buildTwin } from '../../../domain/twin/build-twin.ts';
import { cylinderCodec } from '../../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../../usecases/ledger/codecs/gateway-codec.ts';
import { SHORT_POLICY } from '../../fixture/alarm-policy.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { sampleAt } from '../../fixture/statistics.ts';

const text = v.object({ S: v.string() });
const item = v.looseObject({ pk: text, sk: text });
const state = v.object({ record: v.object({ B: v.string() }), version: v.object({ N: v.string() }) });
const next = v.object({
  input: v.object({ kind: v.string(), at: v.number(), pattern: v.string(), from: v.number() }),
  outputs: v.array(v.unknown()),
});
const kept = { what: v.string(), state, others: v.array(item) };
const fixture = v.object({
  cylinders: v.array(
    v.object({
      ...kept,
      now: v.number(),
      dueAt: v.nullable(v.number()),
      twin: v.record(v.string(), v.unknown()),
      notices: v.array(v.object({ output: v.unknown(), beganAt: v.unknown(), moved: v.unknown() })),
      next: v.array(next),
    }),
  ),
  gateways: v.array(v.object({ ...kept, record: v.unknown() })),
});

/** Items of the ledger's table as the program before there were versions wrote them, with what it said of them. */
const { cylinders, gateways } = v.parse(
  fixture,
  JSON.parse(readFileSync(new URL('../../fixture/records/dynamodb-v0.json', import.meta.url), 'utf8')),
);

const textOf = ({ record }: v.InferOutput<typeof state>): string =>
  unpack(Buffer.from(record.B, 'base64'), 'it');

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const inputOf = (name: string, { input }: v.InferOutput<typeof next>): CylinderInput =>
  input.kind === 'tick'
    ? { kind: 'tick', receivedAt: input.at }
    : {
        kind: 'samples',
        receivedAt: input.at,
        samples: [...input.pattern].map((letter, index) =>
          sampleAt(0, {
            cylinder: name,
            t: input.from + index * 1000,
            seq: 10_000 + index,
            probability: letter === 'A' ? 0.9 : 0.1,
          }),
        ),
      };

for (const { what, now, dueAt, state: stored, others, twin, notices, next: then } of cylinders) {
  const name = String(others[0]?.pk.S.slice(2) ?? 'c');
  const record = () => cylinderCodec.decode(textOf(stored), name);

  test(`${what}: its first record says of it what it said`, () => {
    const read = record();
    const { lastCommands, ...said } = buildTwin(read, now, SHORT_POLICY.staleAfterMs);
    // Whether it is watched was not known of then.
    assert.deepEqual(plain(said), { ...twin, unwatched: null });
    // What is in force was answered: it goes from the desired state, and is not carried out once more.
    const answered = read.lastCommands.map(({ kind, result }) => `${kind} ${result}`);
    const inForce = Object.entries(read.commands).flatMap(([kind, held]) => (held === null ? [] : [kind]));
    assert.deepEqual(
      answered,
      inForce.map((kind) => `${kind} in-force`),
    );
    assert.equal(read.dueAt, dueAt);
  });

  test(`${what}: whatever happens to it then is told as it would have been`, () => {
    for (const one of then) {
      const read = record();
      const cylinder = String(one.outputs.map((output) => Object(output).cylinder).find(Boolean) ?? name);
      const policy = policyFor(SHORT_BOOK, cylinder, read);
      const fold = foldRecord(cylinder, read, inputOf(cylinder, one), policy);
      assert.deepEqual([...fold.transitions, ...fold.notices.map(({ output }) => output)], one.outputs);
    }
  });

  test(`${what}: its first notice, incident and twin on the stream are read`, () => {
    const read = others.map((image) => readLedgerItem({ dynamodb: { NewImage: image } }));
    const notice = read.flatMap((one) => (one.kind === 'notice' ? [one.notice] : []));
    assert.deepEqual(
      notice.map(({ output, facts }) => ({
        output,
        beganAt: facts?.beganAt ?? null,
        moved: facts?.deviations.map(({ sensor }) => sensor) ?? null,
      })),
      notices,
    );
    for (const one of read) {
      assert.notEqual(one.kind, 'malformed');
      if (one.kind === 'incident')
        assert.equal(`I#${one.incident.id}`, others.find(({ sk }) => sk.S.startsWith('I#'))?.sk.S);
      if (one.kind === 'twin') assert.equal(one.twin.condition, twin.condition);
    }
  });
}

for (const { what, state: stored, record } of gateways) {
  test(`${what}: its first record says of it what it said`, () => {
    const { lastHeardAt, heardSince, offline, dueAt } = gatewayCodec.decode(textOf(stored), 'g');
    const offlineSince = offline?.lastHeardAt ?? null;
    assert.deepEqual({ lastHeardAt, speakingSince: heardSince, offlineSince, dueAt }, record);
  });
}

const [healthy] = cylinders;
const older = (change: (fields: Record<string, unknown>, alarm: Record<string, unknown>) => void) => {
  assert.ok(healthy);
  const fields = JSON.parse(textOf(healthy.state));
  change(fields, fields.alarm);
  return cylinderCodec.decode(JSON.stringify(fields), 'c');
};

test('a record from before it was known when it is due is due at once', () => {
  const read = older((fields) => delete fields.dueAt);
  assert.ok(read.dueAt !== null && read.dueAt <= 0);
  const tick = foldRecord('c', read, { kind: 'tick', receivedAt: 1 }, SHORT_POLICY);
  assert.notEqual(refreshTwin(tick.record, 1, SHORT_POLICY).record.dueAt, 0);
  assert.equal(gatewayCodec.decode('{"lastHeardAt":9,"speakingSince":9,"offlineSince":null}', 'g').dueAt, 0);
});

test('a record from before silence was noted goes on, and its silence can be told', () => {
  const read = older((_, alarm) => {
    delete alarm.silence;
    delete alarm.lastSeenAt;
    delete alarm.gateway;
  });
  const { t, gateway } = read.statistics?.last ?? {};
  const { liveness, lastSeenAt } = read.alarm;
  assert.deepEqual(
    [liveness?.offline, liveness?.lastHeardAt, lastSeenAt, read.alarm.gateway],
    [null, t, t, gateway],
  );
});

test('a baseline that grew beyond all numbers is learned anew', () => {
  const read = older((fields) => {
    Object(Object(fields.vitals).usual)[0].variance = null;
  });
  assert.deepEqual(read.statistics?.baselines[0], { n: 0, mean: 0, variance: 0 });
});
