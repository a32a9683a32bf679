import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Story, story } from '../../../test/fixture/alarm-story.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const NOTIFY_WARNING = { notifyFrom: 'warning' };
const FLAP = 'AAAnnnn';
const ack = (one: Story) => one.order({ type: 'ack', by: 'ana' });
const shelve = (one: Story, until: number) =>
  one.order({ type: 'shelve', by: 'ana', reason: 'spare part on its way', until: at(until) });

// Never stale here: of what is not seen nobody is reminded.
const SEEN = { staleAfterMs: 1_000_000, offlineAfterMs: 1_000_000 };
const REMIND = { ...CALM, ...SEEN, remind: { advisory: 10_000 }, maxReminders: 3 };

test('an unacknowledged incident is recalled at its interval, so often and no more', () => {
  const one = story(REMIND).play('AAAA').forget();
  for (let second = 4; second < 80; second += 1) one.tick(second);
  assert.deepEqual(one.notices(), [
    'REMINDER @2#2 advisory at 13',
    'REMINDER @2#3 advisory at 23',
    'REMINDER @2#4 advisory at 33',
  ]);
});

test('a reminder that comes late starts the next interval when it is told', () => {
  const one = story(REMIND).play('AAAA').forget().tick(20).tick(29).tick(30);
  assert.deepEqual(one.notices(), ['REMINDER @2#2 advisory at 20', 'REMINDER @2#3 advisory at 30']);
});

test('nobody is reminded of what they acknowledged, of a severity without an interval, or with none allowed', () => {
  assert.deepEqual(ack(story(REMIND).play('AAAA')).forget().tick(100).notices(), []);
  assert.deepEqual(
    story({ ...REMIND, remind: { warning: 1 } })
      .play('AAAA')
      .forget()
      .tick(100)
      .notices(),
    [],
  );
  assert.deepEqual(
    story({ ...REMIND, maxReminders: 0 })
      .play('AAAA')
      .forget()
      .tick(100)
      .notices(),
    [],
  );
});

test('a severity that is named as something every object inherits has no interval by that', () => {
  for (const severity of ['constructor', 'toString', '__proto__']) {
    const levels = [{ severity, afterMs: 0, clearHoldMs: 1000 }];
    const one = story({ levels, notifyFrom: severity }).play('AAAA').tick(100);
    assert.deepEqual(one.notices(), [`RAISED @2#1 ${severity} at 3`]);
  }
});

test('nobody is reminded of what they were never told', () => {
  const one = story({ ...NOTIFY_WARNING, remind: { advisory: 1000 } })
    .play('AAAA')
    .tick(20);
  assert.deepEqual(one.notices(), []);
});

test('nobody is reminded of what is over', () => {
  assert.deepEqual(story(REMIND).play('AAAAnnnnn').forget().tick(100).notices(), []);
  assert.deepEqual(
    story(REMIND)
      .play(`${FLAP.repeat(4)}n`)
      .forget()
      .tick(33)
      .tick(80)
      .notices(),
    [],
  );
});

test('an incident that is clearing is still open, and recalled', () => {
  const hold = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 60_000 }] };
  const one = story({ ...REMIND, ...hold })
    .play('AAAnnnnn')
    .forget()
    .tick(13);
  assert.equal(one.state().condition, 'CLEARING');
  assert.deepEqual(one.notices(), ['REMINDER @2#2 advisory at 13']);
});

test('ESCALATED starts the reminders anew, and undoes the acknowledgement', () => {
  const one = ack(story({ remind: { advisory: 3000, warning: 10_000 }, maxReminders: 1 }).play('AAAA'));
  one.forget().tick(7).play('AAAAA').tick(17).tick(18).tick(40);
  assert.deepEqual(one.notices(), ['ESCALATED @2#2 warning at 8', 'REMINDER @2#3 warning at 18']);
});

test('SHELF_EXPIRED starts the reminders anew, and leaves the acknowledgement', () => {
  const one = shelve(
    story({ ...REMIND, maxReminders: 1 })
      .play('AAAA')
      .tick(13),
    20,
  ).forget();
  one.tick(20).tick(29).tick(30).tick(60);
  assert.deepEqual(one.notices(), ['SHELF_EXPIRED @2#3 advisory at 20', 'REMINDER @2#4 advisory at 30']);
  const acknowledged = shelve(ack(story(REMIND).play('AAAA')), 20)
    .forget()
    .tick(20)
    .tick(60);
  assert.deepEqual(acknowledged.notices(), ['SHELF_EXPIRED @2#2 advisory at 20']);
});

test('REOPENED and FLAPPING undo the acknowledgement, and start the reminders anew', () => {
  for (const [flaps, type] of [
    [1, 'REOPENED'],
    [3, 'FLAPPING'],
  ] as const) {
    const one = ack(story({ ...REMIND, maxReminders: 1 }).play(`${FLAP.repeat(flaps)}n`)).forget();
    one
      .tick()
      .play('AAAA')
      .tick(one.second() + 50);
    assert.equal(one.state().incident?.acknowledgedBy, null);
    assert.deepEqual(
      one.notices().map((notice) => notice.split(' ')[0]),
      [type, 'REMINDER'],
    );
  }
});

test('an acknowledgement between recovery and reopening is undone when REOPENED is told', () => {
  const one = ack(story(CALM).play('AAAnnnnn'));
  assert.equal(one.state().incident?.acknowledgedBy, 'ana');
  assert.equal(one.play('AAAA').state().incident?.acknowledgedBy, null);
});

test('a reminder is held back while the cylinder is stale, and comes as soon as it is seen again', () => {
  const one = story({ ...REMIND, staleAfterMs: 30_000 })
    .play('AAAA')
    .forget();
  for (let second = 34; second < 60; second += 1) one.tick(second);
  assert.deepEqual(one.notices(), ['REMINDER @2#2 advisory at 13'].slice(1));
  one.send('A', { from: 60, received: 60 }).tick(60);
  assert.deepEqual(one.notices(), ['REMINDER @2#2 advisory at 60']);
});

test('a cylinder is stale from exactly staleAfterMs after it was last seen', () => {
  const seen = (second: number) =>
    story({ ...REMIND, staleAfterMs: 30_000 })
      .play('AAAA')
      .forget()
      .tick(second)
      .notices().length;
  assert.deepEqual([seen(32.999), seen(33)], [1, 0]);
});

test('a reminder is held back while the machine is off by the highest slot received, evaluated or not', () => {
  const idle = { sensor: 'wRMSCurrent', below: 1 } as const;
  const one = story({ ...REMIND, idle })
    .play('AAAA')
    .forget();
  one.send('i', { from: 12, received: 12 }).tick(13);
  assert.deepEqual(one.notices(), []);
  // Another sample of that slot runs: so does the slot.
  one.send('n', { from: 12, received: 13 }).tick(13);
  assert.deepEqual(one.notices(), ['REMINDER @2#2 advisory at 13']);
  one.send('i', { from: 14, received: 14 }).send('n', { from: 13, received: 14 }).tick(23);
  assert.deepEqual(one.forget().notices(), []);
  one.send('n', { from: 23, received: 23 });
  assert.deepEqual(one.tick(23).notices(), ['REMINDER @2#3 advisory at 23']);
});
