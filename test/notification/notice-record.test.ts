import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeRecord } from '../../notification/notice-record.ts';
import {
  AT,
  FACTS,
  noticeOf,
  OCCURRED,
  SILENT_GATEWAY,
  SILENT_SINCE,
  unwatchedBy,
} from '../fixture/notice-samples.ts';

const ULSAN = { site: 'Ulsan', language: 'en' as const };
const NOWHERE = { site: ' ', language: 'ko' as const };

test('a machine reads all that is known of a notice, in numbers and names', () => {
  assert.deepEqual(noticeRecord(noticeOf('RAISED'), ULSAN), {
    version: 1,
    id: 'cyl-07@1763800000000#1',
    kind: 'RAISED',
    site: 'Ulsan',
    gateway: 'line-3',
    cylinder: 'cyl-07',
    incident: 'cyl-07@1763800000000',
    severity: 'warning',
    language: 'en',
    at: AT,
    beganAt: AT - 630_000,
    backSince: null,
    lastAbnormalAt: AT - 31_000,
    quietSince: null,
    endedAt: null,
    endedByMaintenance: false,
    abnormalShare: 0.876,
    windowMs: 60_000,
    probability: 0.934,
    movers: FACTS.deviations,
    advice: 'bearing',
    count: null,
    incidents: [],
    cause: null,
    flapping: false,
  });
});

test('why a cylinder is unwatched, and that a link flaps, are there for a machine too', () => {
  const { kind, cause, flapping } = noticeRecord(unwatchedBy('late'), NOWHERE);
  assert.deepEqual([kind, cause, flapping], ['UNWATCHED', 'late', false]);
  const { output, facts } = SILENT_GATEWAY;
  const link = {
    output: { ...output, type: 'OFFLINE' as const, flapping: true as const, gateway: 'g' },
    facts,
  };
  assert.equal(noticeRecord({ ...SILENT_GATEWAY, ...link }, NOWHERE).flapping, true);
});

test('what a silent gateway has not is none where it can be filtered by, and null elsewhere', () => {
  const record = noticeRecord(SILENT_GATEWAY, NOWHERE);
  const { site, gateway, cylinder, severity, kind, language } = record;
  assert.deepEqual(
    [site, gateway, cylinder, severity, kind, language],
    ['none', 'line-3', 'none', 'none', 'OFFLINE', 'ko'],
  );
  const { incident, endedAt, lastAbnormalAt, abnormalShare, probability, advice } = record;
  for (const unknown of [incident, endedAt, lastAbnormalAt, abnormalShare, probability, advice])
    assert.equal(unknown, null);
});

test('of a silence it says since when, and of its end until when', () => {
  const { beganAt } = noticeRecord(SILENT_GATEWAY, NOWHERE);
  const { output } = SILENT_GATEWAY;
  const end = noticeRecord({ output: { ...output, gateway: 'g', type: 'ONLINE' }, facts: null }, NOWHERE);
  assert.deepEqual([beganAt, end.beganAt, end.endedAt], [SILENT_SINCE, SILENT_SINCE, AT]);
});

test('of what occurred unseen it says how often and which', () => {
  const { count, incidents, lastAbnormalAt, endedAt } = noticeRecord(OCCURRED, NOWHERE);
  assert.deepEqual([count, incidents], [3, ['cyl-07@1763800000000']]);
  assert.deepEqual([lastAbnormalAt, endedAt], [AT - 360_000, AT - 30_000]);
});
