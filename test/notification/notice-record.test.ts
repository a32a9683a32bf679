import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeRecord } from '../../notification/notice-record.ts';
import { AT, FACTS, noticeOf, OCCURRED, SILENT_GATEWAY, unwatchedBy } from '../fixture/notice-samples.ts';

test('a machine reads all that is known of a notice, in numbers and names', () => {
  assert.deepEqual(noticeRecord(noticeOf('RAISED'), 'Ulsan'), {
    version: 1,
    id: 'cyl-07@1763800000000#1',
    kind: 'RAISED',
    site: 'Ulsan',
    gateway: 'line-3',
    cylinder: 'cyl-07',
    incident: 'cyl-07@1763800000000',
    severity: 'warning',
    at: AT,
    beganAt: AT - 630_000,
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
  const { kind, cause, flapping } = noticeRecord(unwatchedBy('late'), '');
  assert.deepEqual([kind, cause, flapping], ['UNWATCHED', 'late', false]);
  const { output, facts } = SILENT_GATEWAY;
  const link = {
    output: { ...output, type: 'OFFLINE' as const, flapping: true as const, gateway: 'g' },
    facts,
  };
  assert.equal(noticeRecord({ ...SILENT_GATEWAY, ...link }, '').flapping, true);
});

test('what is not known of a silent gateway is null', () => {
  const { gateway, ...others } = noticeRecord(SILENT_GATEWAY, '');
  assert.equal(gateway, 'line-3');
  const { site, cylinder, incident, severity, beganAt, endedAt, abnormalShare, probability, advice } = others;
  for (const unknown of [
    site,
    cylinder,
    incident,
    severity,
    beganAt,
    endedAt,
    abnormalShare,
    probability,
    advice,
  ])
    assert.equal(unknown, null);
});

test('of what occurred unseen it says how often and which', () => {
  const { count, incidents, endedAt } = noticeRecord(OCCURRED, '');
  assert.deepEqual([count, incidents, endedAt], [3, ['cyl-07@1763800000000'], AT - 30_000]);
});
