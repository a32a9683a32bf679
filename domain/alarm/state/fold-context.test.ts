import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, slotAt, story } from '../../../test/fixture/alarm-story.ts';
import { evaluatedSlot, isRecent, lengthOf, openContext, startOf } from './fold-context.ts';

test('a context writes on a copy of the state, the window and what waits included', () => {
  const before = story().play('AAAA').state();
  const context = openContext('c', before, at(9), SHORT_POLICY);
  const { state, outputs, now, cylinder } = context;
  assert.deepEqual([state, outputs, now, cylinder], [before, [], at(9), 'c']);
  state.pendingSteps.push(1);
  state.window.counted[0] = 0;
  state.hold = 7;
  assert.notDeepEqual(state.pendingSteps, before.pendingSteps);
  assert.notDeepEqual(state.window.counted, before.window.counted);
  assert.equal(before.hold, 0);
});

test('slots have a start and a length by the period of the state', () => {
  const context = openContext('c', null, at(9), { ...SHORT_POLICY, samplePeriodMs: 500, latenessMs: 500 });
  assert.deepEqual([startOf(context, 7), lengthOf(context, 7)], [3500, 3500]);
  assert.equal(context.state.window.size, 10);
});

test('a slot is recent while its start is at most historicalAfterMs ago', () => {
  const context = openContext('c', null, at(20), SHORT_POLICY);
  assert.equal(isRecent(context, at(0)), true);
  assert.equal(isRecent(openContext('c', null, at(20) + 1, SHORT_POLICY), at(0)), false);
});

test('the slot last evaluated is, of slots of another length, the last that starts no later', () => {
  const context = story().play('nnnnn').context();
  assert.equal(evaluatedSlot(context), slotAt(3));
  context.state.samplePeriodMs = 2000;
  assert.equal(evaluatedSlot(context), at(2) / 2000);
  assert.equal(evaluatedSlot(story().context()), null);
});
