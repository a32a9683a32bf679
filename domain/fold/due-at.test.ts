import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../test/fixture/alarm-policy.ts';
import { at, type Story, story } from '../../test/fixture/alarm-story.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import { cylinderDueAt } from './due-at.ts';

/** When the cylinder of a story is due, in seconds of the story, its twin last written at a second. */
const dueIn = (told: Story, twinWritten: number, changes: Partial<Policy> = {}): number | null => {
  const policy = { ...SHORT_POLICY, ...changes };
  const dueAt = cylinderDueAt(
    { alarm: told.state(), twinAt: at(twinWritten), restsUntil: null },
    at(told.second()),
    policy,
  );
  return dueAt === null ? null : (dueAt - at(0)) / 1000;
};

test('a cylinder that is heard of is due when it would have been silent for too long', () => {
  assert.equal(dueIn(story().play('nnn'), 0), 2 + 30);
});

test('what was left is evaluated and the twin says so: due again when its silence has to be told', () => {
  const quiet = story().play('nnn').wait(30).tick();
  assert.equal(dueIn(quiet, quiet.second()), 2 + 60);
});

test('where the twin has yet to say that it is stale, it is due for that', () => {
  assert.equal(dueIn(story().play('nnn').wait(30).tick(), 31), 2 + 30);
});

test('an open incident is due at its reminder, unless somebody acknowledged it or all reminders are out', () => {
  const remind = { remind: { advisory: 20_000 }, maxReminders: 1 };
  const raised = story(remind).play('AAAAn');
  const [notice] = raised.notices();
  assert.match(notice ?? '', /RAISED/);
  const told = raised.state().notified?.remindedAt ?? 0;
  assert.equal(dueIn(raised, 0, remind), (told - at(0)) / 1000 + 20);
  raised.order({ type: 'ack', by: 'ana' });
  assert.equal(dueIn(raised, 0, remind), 4 + 30);
});

test('a shelf and maintenance are due when they end', () => {
  const shelved = story()
    .play('AAAAn')
    .order({ type: 'shelve', by: 'ana', reason: 'x', until: at(20) });
  assert.equal(dueIn(shelved, 5), 20);
  const maintained = story()
    .play('n')
    .order({ type: 'maintenance', by: 'ana', reason: 'x', until: at(9) });
  assert.equal(dueIn(maintained, 1), 9);
});

test('silence is not told in maintenance, and not waited for before its end', () => {
  const command = { type: 'maintenance', by: 'ana', reason: 'x', until: at(90) };
  const quiet = story().play('n').order(command).wait(40).tick();
  assert.equal(dueIn(quiet, quiet.second()), 90);
});

test('what came in late is due at once, as nobody has been told of it', () => {
  const late = story().send('AAAAAA', { from: 0, received: 50 }).wait(50);
  assert.deepEqual(late.notices(), []);
  assert.equal(dueIn(late, 50), 50);
});
