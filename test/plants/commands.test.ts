import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertTold, at, command, play, START_MS, samples, ticks } from './plant.ts';

const TEN_YEARS_MS = 10 * 365 * 86_400_000;

test('a phone ten years ahead acknowledges, a colleague shelves and acknowledges: all in force', () => {
  const events = [
    ...samples({ to: '2:00' }),
    command('0:25', { type: 'ack', by: 'phone', at: START_MS + at('0:25') + TEN_YEARS_MS }),
    command('0:26', { type: 'shelve', by: 'lee', reason: 'waiting', until: START_MS + at('0:50') }),
    command('0:27', { type: 'ack', by: 'lee' }),
    ...ticks('2:00'),
  ];
  const outputs = play({}, events);
  assert.deepEqual(
    outputs.filter(({ kind }) => kind === 'refused'),
    [],
  );
  assertTold(outputs, [
    ['0:21', 'RAISED warning'],
    ['0:50', 'SHELF_EXPIRED warning'],
    ['1:11', 'ESCALATED alarm'],
    ['1:21', 'RECOVERED alarm'],
  ]);
});

test('an acknowledgement written for one incident does not acknowledge the next', () => {
  const isAbnormal = (ms: number): boolean =>
    (ms >= at('0:10') && ms < at('0:30')) || (ms >= at('2:00') && ms < at('2:30'));
  const first = play({}, samples({ to: '1:00', isAbnormal })).find(({ type }) => type === 'RAISED')?.incident;
  const outputs = play({}, [
    ...samples({ to: '3:00', isAbnormal }),
    command('2:15', { type: 'ack', by: 'kim', incident: first }),
    ...ticks('3:00'),
  ]);
  assert.deepEqual(
    outputs.filter(({ kind }) => kind === 'refused').map(({ type, why }) => [type, why]),
    [['ack', 'other incident']],
  );
});

test('a maintenance of ten years is refused', () => {
  const outputs = play({}, [
    ...samples({ to: '0:20' }),
    command('0:15', { type: 'maintenance', by: 'kim', reason: 'typo', until: START_MS + TEN_YEARS_MS }),
  ]);
  assert.deepEqual(
    outputs.filter(({ kind }) => kind === 'refused').map(({ type, why }) => [type, why]),
    [['maintenance', 'too long']],
  );
});

test('maintenance ended by a clock that is slow does not page people for their own work', () => {
  const isAbnormal = (ms: number): boolean => ms >= at('0:10') && ms < at('0:40');
  const outputs = play({}, [
    ...samples({ to: '1:30', isAbnormal }),
    command('0:09', { type: 'maintenance', by: 'kim', reason: 'seals', until: START_MS + at('4:00') }),
    command('0:40', { type: 'maintenance', by: 'kim', reason: 'done', until: START_MS + at('0:10') }),
    ...ticks('1:30'),
  ]);
  assert.deepEqual(
    outputs.filter(({ kind }) => kind === 'notice' || kind === 'refused'),
    [],
  );
});
