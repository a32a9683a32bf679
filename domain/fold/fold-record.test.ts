import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, samplesOf } from '../../test/fixture/alarm-story.ts';
import type { Command } from '../alarm/commands/command.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import { lastOfEach } from '../incident/incident-record.ts';
import { foldLiveness } from './fold-inputs.ts';
import { foldRecord, refreshTwin } from './fold-record.ts';

const policy = SHORT_POLICY;

const samples = (
  before: CylinderRecord | null,
  pattern: string,
  from = 0,
  received = from + pattern.length - 1,
) =>
  foldRecord(
    'c',
    before,
    { kind: 'samples', receivedAt: at(received), samples: samplesOf(pattern, from) },
    policy,
  );

const ask = (before: CylinderRecord | null, command: Command, second: number) =>
  foldRecord('c', before, { kind: 'command', receivedAt: at(second), command }, policy);

const raised = () => samples(null, 'AAAA').record;

test('a record holds the alarm and the statistics of its cylinder', () => {
  const { record, notices, transitions, incidents } = samples(null, 'AAAA');
  assert.deepEqual([record.alarm.condition, record.statistics?.last.t], ['ACTIVE', at(3)]);
  assert.deepEqual(
    notices.map(({ output }) => output.type),
    ['RAISED'],
  );
  assert.equal(notices[0]?.facts?.beganAt, at(0));
  assert.deepEqual(
    transitions.map(({ kind }) => kind),
    ['condition', 'severity'],
  );
  assert.deepEqual(
    incidents.map(({ id, severity }) => [id, severity]),
    [[`c@${at(2)}`, 'advisory']],
  );
});

test('what happens to an incident once is noted in the record of the input that brought it, and in none after it', () => {
  const first = samples(null, 'AAAA');
  const [raise] = first.incidents;
  assert.equal(raise?.toldAt, first.notices[0]?.output.at);
  assert.equal(raise?.advice, 'unclear');
  assert.match(raise?.policy ?? '', /^[0-9a-z]{8,}$/);
  const acknowledged = ask(first.record, { type: 'ack', by: 'ana', at: at(4) }, 5);
  assert.deepEqual(
    acknowledged.incidents.map(({ toldAt, acknowledgedAt, closedAt, policy }) => [
      toldAt,
      acknowledgedAt,
      closedAt,
      policy,
    ]),
    [[null, at(5), null, null]],
  );
  const over = samples(acknowledged.record, 'n'.repeat(60), 6).record;
  const closed = ask(over, { type: 'close', by: 'bo', outcome: 'sensor', at: at(66) }, 67);
  assert.deepEqual(
    closed.incidents.map(({ acknowledgedAt, closedAt }) => [acknowledgedAt, closedAt]),
    [[null, at(67)]],
  );
  assert.deepEqual(
    lastOfEach([...first.incidents, ...acknowledged.incidents, ...closed.incidents]).map(
      ({ toldAt, acknowledgedAt, closedAt, outcome }) => [toldAt, acknowledgedAt, closedAt, outcome],
    ),
    [[raise?.toldAt, at(5), at(67), 'sensor']],
  );
});

test('late samples go out as nothing, and a sample too far ahead is in no statistics', () => {
  const late = samples(raised(), 'A', 0, 4);
  assert.deepEqual([late.notices, late.transitions, late.incidents], [[], [], []]);
  assert.equal(late.record.alarm.lateSamples, 1);
  assert.equal(samples(raised(), 'A', 99, 4).record.statistics?.last.t, at(3));
});

test('what a command asks for is in the record once it is in force, and a shelf goes with its end', () => {
  const shelved = ask(raised(), { type: 'shelve', by: 'ana', reason: 'x', until: at(60) }, 5).record;
  assert.deepEqual(shelved.commands, { shelve: { by: 'ana', reason: 'x', until: at(60) } });
  const unshelved = ask(shelved, { type: 'unshelve', by: 'bo' }, 6).record;
  assert.deepEqual(unshelved.commands, { shelve: null, unshelve: { by: 'bo' } });
});

test('a refused command is not in force: the reason is kept, with what the person called it', () => {
  const { record, transitions } = ask(raised(), { type: 'unshelve', by: 'ana', id: 'q1' }, 5);
  assert.deepEqual(record.commands, {});
  assert.deepEqual(record.refused, {
    type: 'unshelve',
    why: 'no shelf',
    words: 'nothing is shelved',
    id: 'q1',
    at: at(5),
  });
  assert.deepEqual(
    transitions.map(({ kind }) => kind),
    ['refused'],
  );
});

test('a refused command that is delivered again is still refused, and not in force', () => {
  const command = { type: 'unshelve', by: 'ana' };
  const once = ask(raised(), command, 5).record;
  const twice = ask(once, command, 5);
  assert.deepEqual([twice.record.refused, twice.record.commands], [once.refused, once.commands]);
});

test('a command that is as old as the one in force is ignored, whatever it asks', () => {
  const once = ask(raised(), { type: 'ack', by: 'ana', at: at(5) }, 5).record;
  assert.deepEqual(ask(once, { type: 'ack', by: 'bo', at: at(5) }, 6).record.commands, {
    ack: { by: 'ana', at: at(5) },
  });
});

test('samples and ticks leave a refusal where it is', () => {
  const refused = ask(raised(), { type: 'ack' }, 5).record;
  assert.equal(samples(refused, 'A', 5, 5).record.refused?.why, 'missing by');
  const tick = foldRecord('c', refused, { kind: 'tick', receivedAt: at(6) }, policy);
  assert.equal(tick.record.refused?.why, 'missing by');
});

test('a silence is told without facts, and where there is none the record is the very same', () => {
  const record = raised();
  const gateway = { lastHeardAt: at(70), heardSince: at(-9), offline: null, offlineTimes: [] };
  const input = { gateway, receivedAt: at(70), isGatewaySilent: false };
  const silent = foldLiveness('c', record, input, policy);
  assert.deepEqual(
    silent.notices.map(({ output, facts }) => [output.type, facts]),
    [['OFFLINE', null]],
  );
  assert.equal(silent.record.alarm.liveness?.offline?.lastHeardAt, at(3));
  assert.equal(foldLiveness('c', record, { ...input, receivedAt: at(200) }, policy).record, record);
});

test('the twin is written when what people act upon changes, and every five minutes besides', () => {
  const first = refreshTwin(raised(), at(5), policy);
  assert.notEqual(first.twin, null);
  assert.equal(refreshTwin(first.record, at(5), policy).twin, null);
  assert.equal(refreshTwin(samples(first.record, 'A', 4, 5).record, at(5), policy).twin, null);
  assert.notEqual(
    refreshTwin(ask(first.record, { type: 'ack', by: 'ana' }, 5).record, at(5), policy).twin,
    null,
  );
  const lasting = { ...policy, staleAfterMs: 1_000_000 };
  assert.equal(refreshTwin(first.record, at(5) + 299_999, lasting).twin, null);
  assert.notEqual(refreshTwin(first.record, at(5) + 300_000, lasting).twin, null);
});

test('an incident that ends and is followed by another within one message keeps its record', () => {
  const quick: Policy = {
    ...policy,
    reopenWithinMs: 0,
    levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 0 }],
    notifyFrom: 'advisory',
    remind: {},
  };
  const pattern = 'AAAAnnnnnnnnnnAAAAAAAA';
  const input = { kind: 'samples', receivedAt: at(40), samples: samplesOf(pattern, 0) } as const;
  const { incidents } = foldRecord('c', null, input, quick);
  assert.deepEqual(
    incidents.map(({ clearedAt }) => clearedAt !== null),
    [true, false],
  );
});

test('what a person wrote is kept short, and only what a command knows', () => {
  const written = { type: 'ack', by: 'a'.repeat(5000), comment: 'b'.repeat(5000), more: 'c' };
  const { record } = ask(raised(), written, 5);
  assert.deepEqual(record.commands.ack, { by: 'a'.repeat(120), comment: 'b'.repeat(120) });
  assert.equal(record.alarm.incident?.acknowledgedBy?.length, 120);
});
