import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, story } from '../../test/fixture/alarm-story.ts';
import { incidentRecord } from '../../test/fixture/incident-record.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import { incidentRecordOf } from './incident-record.ts';

const OPEN = incidentRecord({
  id: `c@${at(2)}`,
  cylinder: 'c',
  gateway: 'g',
  beganAt: at(0),
  raisedAt: at(2),
  severity: 'advisory',
});

/** The record of the latest incident of a state. */
const recordIn = (state: CylinderState) => {
  assert.ok(state.incident);
  return incidentRecordOf('c', state.incident, state);
};

test('an open incident has begun and not ended', () => {
  assert.deepEqual(recordIn(story().play('AAAA').state()), OPEN);
});

test('a cleared incident was abnormal until its last abnormal slot, and is over since the slot that cleared it', () => {
  const record = recordIn(story().play('AAAnnnnnn').state());
  assert.deepEqual(record, { ...OPEN, lastAbnormalAt: at(2), clearedAt: at(7), endedBy: 'clearing' });
});

test('an incident that maintenance ended says so, and when', () => {
  const one = story()
    .play('AAAA')
    .order({ type: 'maintenance', by: 'a', reason: 'x', until: at(60) }, 9);
  assert.deepEqual(recordIn(one.state()), {
    ...OPEN,
    lastAbnormalAt: at(2),
    clearedAt: at(9),
    endedBy: 'maintenance',
  });
});

test('a reopened incident is open again, with its reopenings', () => {
  const record = recordIn(story().play('AAAnnnnnnAAAAA').state());
  assert.deepEqual(
    [record.id, record.reopenings, record.clearedAt, record.endedBy],
    [OPEN.id, 1, null, null],
  );
});

test('what people said of it is kept: who acknowledged and closed it, the outcome, the mode, the last comment', () => {
  const acknowledged = story().play('AAAA').order({ type: 'ack', by: 'ana', comment: 'on my way' });
  assert.deepEqual(recordIn(acknowledged.state()), {
    ...OPEN,
    acknowledgedBy: 'ana',
    comment: 'on my way',
  });
  const closing = { type: 'close', by: 'bo', outcome: 'fault', mode: 'seal', comment: 'replaced' };
  assert.deepEqual(recordIn(acknowledged.order(closing).state()), {
    ...OPEN,
    acknowledgedBy: 'bo',
    closedBy: 'bo',
    outcome: 'fault',
    mode: 'seal',
    comment: 'replaced',
  });
});

test('a close without a comment leaves what was said before', () => {
  const one = story().play('AAAA').order({ type: 'ack', by: 'ana', comment: 'on my way' });
  const record = recordIn(one.order({ type: 'close', by: 'bo', outcome: 'sensor' }).state());
  assert.deepEqual([record.comment, record.mode], ['on my way', null]);
});
