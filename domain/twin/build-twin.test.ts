import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, samplesOf } from '../../test/fixture/alarm-story.ts';
import { statisticsAfter } from '../../test/fixture/statistics.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';
import type { Share } from '../cylinder/share.ts';
import { foldRecord } from '../fold/fold-record.ts';
import { buildTwin, healthOf, isOlderRecord, type RecordSave } from './build-twin.ts';

const STALE_MS = SHORT_POLICY.staleAfterMs;

const recordAfter = (pattern: string, ...commands: readonly object[]): CylinderRecord => {
  const received = pattern.length - 1;
  let { record } = foldRecord(
    'c',
    null,
    { kind: 'samples', receivedAt: at(received), samples: samplesOf(pattern, 0) },
    SHORT_POLICY,
  );
  for (const command of commands)
    ({ record } = foldRecord(
      'c',
      record,
      { kind: 'command', receivedAt: at(received), command },
      SHORT_POLICY,
    ));
  return record;
};

const twinOf = (record: CylinderRecord, second: number) => buildTwin(record, at(second), STALE_MS);

test('the twin of an open incident says its severity, since when, and the last sample', () => {
  const twin = twinOf(recordAfter('AAAA'), 4);
  assert.deepEqual(
    [twin.condition, twin.severity, twin.since, twin.gateway],
    ['ACTIVE', 'advisory', at(0), 'g'],
  );
  assert.deepEqual(twin.incident, {
    id: `c@${at(2)}`,
    open: true,
    severity: 'advisory',
    began: at(0),
    cleared: null,
    acknowledgedBy: null,
    outcome: null,
    mode: null,
    reopenings: 0,
  });
  assert.deepEqual(twin.lastSample, {
    t: at(3),
    probability: 0.9,
    rVibration_Temp: 48,
    rVibration_Z_RMS_Velocity: 2.3,
    rVibration_X_RMS_Velocity: 1.9,
    wRMSCurrent: 3.4,
    wCurrentLoad: 41,
    wEncoderVelocity: 1180,
    why: null,
  });
  assert.deepEqual(
    [twin.lastSeen, twin.abnormalShareHour, twin.abnormalShareDay, twin.health],
    [at(3), 1, 1, 0],
  );
  assert.deepEqual([twin.runningHours, twin.missingSamples, twin.lateSamples], [0.001, 0, 0]);
});

test('an incident that is over is still there to be closed, and severity and since are gone', () => {
  const twin = twinOf(
    recordAfter('AAAnnnnnn', { type: 'close', by: 'ana', outcome: 'fault', mode: 'seal' }),
    9,
  );
  assert.deepEqual([twin.condition, twin.severity, twin.since], ['NORMAL', null, null]);
  assert.deepEqual(twin.incident, {
    id: `c@${at(2)}`,
    open: false,
    severity: 'advisory',
    began: at(0),
    cleared: at(7),
    acknowledgedBy: 'ana',
    outcome: 'fault',
    mode: 'seal',
    reopenings: 0,
  });
});

test('its quality is good, partial where a sensor did not answer, stale after staleAfterMs, offline once told until it is heard', () => {
  assert.equal(twinOf(recordAfter('nn'), 1).quality, 'good');
  assert.equal(twinOf(recordAfter('n?'), 1).quality, 'partial');
  assert.equal(twinOf(recordAfter('nn'), 30.999).quality, 'good');
  assert.equal(twinOf(recordAfter('nn'), 31).quality, 'stale');
  const record = recordAfter('nn');
  const { liveness } = record.alarm;
  assert.ok(liveness);
  const silent = (heardAgainAt: number | null) => {
    const offline = { lastHeardAt: at(0), flapping: true, heardAgainAt };
    return { ...record, alarm: { ...record.alarm, liveness: { ...liveness, offline } } };
  };
  assert.equal(twinOf(silent(null), 1).quality, 'offline');
  assert.equal(twinOf(silent(at(1)), 1).quality, 'good');
});

test('a cylinder that is heard in vain is unwatched, with the reason, until it is heard no more', () => {
  const record = recordAfter('nn');
  const unwatched = { since: at(0), gateway: 'g', cause: 'late' as const };
  const alarm = { ...record.alarm, judging: { ...record.alarm.judging, unwatched } };
  const twin = twinOf({ ...record, alarm }, 30.999);
  assert.deepEqual([twin.quality, twin.unwatched], ['unwatched', { since: at(0), cause: 'late' }]);
  assert.equal(twinOf({ ...record, alarm }, 31).quality, 'stale');
  assert.equal(twinOf(record, 1).unwatched, null);
});

test('suppression is the maintenance or the shelf in force, and nothing after its end', () => {
  const shelved = recordAfter('AAAA', { type: 'shelve', by: 'ana', reason: 'x', until: at(60) });
  const shelf = { kind: 'shelved', until: at(60), by: 'ana', reason: 'x' };
  assert.deepEqual([twinOf(shelved, 59).suppression, twinOf(shelved, 60).suppression], [shelf, null]);
  const maintained = recordAfter('AAAA', { type: 'maintenance', by: 'bo', reason: 'y', until: at(60) });
  const maintenance = { kind: 'maintenance', until: at(60), by: 'bo', reason: 'y' };
  assert.deepEqual(
    [twinOf(maintained, 59).suppression, twinOf(maintained, 60).suppression],
    [maintenance, null],
  );
});

test('what a person set is reported under its own name once it is in force, a refusal as refused', () => {
  const twin = twinOf(recordAfter('AAAA', { type: 'ack', by: 'ana' }, { type: 'unshelve', by: 'bo' }), 5);
  assert.deepEqual(twin.ack, { by: 'ana' });
  assert.equal(Reflect.get(Object(twin.refused), 'why'), 'no shelf');
  assert.equal('unshelve' in twin, false);
});

test('the twin of a cylinder of which no sample was seen says so', () => {
  const command = { type: 'ack', by: 'ana' };
  const { record } = foldRecord('c', null, { kind: 'command', receivedAt: at(0), command }, SHORT_POLICY);
  const twin = twinOf(record, 0);
  assert.deepEqual(
    [twin.condition, twin.incident, twin.quality, twin.lastSeen],
    ['NORMAL', null, 'stale', null],
  );
  assert.equal('lastSample' in twin, false);
});

test('a twin with all that people may write into it is less than 8 KB', () => {
  const text = 'the rod seal leaks, a new one comes with the early shift';
  const record = recordAfter(
    'A'.repeat(30),
    { type: 'ack', by: 'ana', comment: text },
    { type: 'shelve', by: 'ana', reason: text, until: at(90) },
    { type: 'unshelve', by: 'ana' },
    { type: 'close', by: 'ana', outcome: 'fault', mode: text, comment: text },
    { type: 'maintenance', by: 'ana', reason: text, until: at(90) },
    { type: 'unshelve', by: 'ana' },
  );
  const twin = twinOf({ ...record, overrides: { ...SHORT_POLICY } }, 40);
  assert.ok(JSON.stringify(twin).length < 8192);
});

const share = (abnormal: number): Share => ({ newest: 0, received: [10], abnormal: [abnormal] });

const HEALTH: readonly (readonly [number, number, number])[] = [
  [0, 0, 100],
  [10, 10, 0],
  [10, 0, 30],
  [0, 10, 70],
  [5, 5, 50],
];
for (const [hour, day, health] of HEALTH) {
  test(`with ${hour} of 10 abnormal in the hour and ${day} of 10 in the day, health is ${health}`, () => {
    assert.equal(healthOf({ ...statisticsAfter(1), hour: share(hour), day: share(day) }), health);
  });
}

const CASES: readonly (readonly [what: string, save: RecordSave, other: RecordSave, isOlder: boolean])[] = [
  ['a lower version', { version: 1, savedAt: 1000 }, { version: 2, savedAt: 1000 }, true],
  ['the same save', { version: 2, savedAt: 1000 }, { version: 2, savedAt: 1000 }, false],
  ['a lower version by a clock ahead', { version: 1, savedAt: 6000 }, { version: 2, savedAt: 1000 }, true],
  ['a lower version of a later ledger', { version: 1, savedAt: 6001 }, { version: 2, savedAt: 1000 }, false],
  ['a higher version of a former one', { version: 9, savedAt: 1000 }, { version: 2, savedAt: 6001 }, true],
  ['what says no time, of a lower version', { version: 1 }, { version: 2, savedAt: 1000 }, true],
  ['what says no time, of a higher version', { version: 3 }, { version: 2, savedAt: 1000 }, false],
  ['a lower version than what says no time', { version: 1, savedAt: 1000 }, { version: 2 }, false],
  ['a lower version, neither with a time', { version: 1 }, { version: 2 }, true],
];

for (const [what, save, other, isOlder] of CASES) {
  test(`${what} is ${isOlder ? '' : 'not '}older`, () => assert.equal(isOlderRecord(save, other), isOlder));
}
