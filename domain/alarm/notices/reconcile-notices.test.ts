import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type Story, story } from '../../../test/fixture/alarm-story.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const NOTIFY_WARNING = { notifyFrom: 'warning' };
const ack = (one: Story) => one.order({ type: 'ack', by: 'ana' });

test('RAISED, ESCALATED and RECOVERED are told as the world changes, numbered within their incident', () => {
  assert.deepEqual(story().play('AAAAAAAAAAAAAAAA').play('nnnnnnnnnnn').notices(), [
    'RAISED @2#1 advisory at 3',
    'ESCALATED @2#2 warning at 8',
    'ESCALATED @2#3 alarm at 14',
    'RECOVERED @2#4 alarm at 23',
  ]);
});

test('being told of is remembered with the severity and the time', () => {
  assert.deepEqual(story().play('AAAn').state().notified, {
    raisedAt: 1_700_000_002_000,
    severity: 'advisory',
    active: 1,
    flapping: false,
    remindedAt: at(3),
    reminders: 0,
  });
});

test('nothing is told below notifyFrom, and RAISED names the severity that reaches it', () => {
  assert.deepEqual(story(NOTIFY_WARNING).play('AAAAAAAA').notices(), []);
  assert.deepEqual(story(NOTIFY_WARNING).play('AAAAAAAAA').notices(), ['RAISED @2#1 warning at 8']);
});

test('an incident that came and went below notifyFrom leaves nothing to tell', () => {
  assert.deepEqual(story(NOTIFY_WARNING).play('AAAAnnnnnnnnn').tick(40).notices(), []);
});

test('a reopening that nobody was told of the first time is RAISED', () => {
  const one = story(NOTIFY_WARNING).play('AAAAnnnnnnnn').play('AAAAAAA');
  assert.deepEqual(one.notices(), ['RAISED @2#1 warning at 15']);
});

test('a slot is told of while it is as old as historicalAfterMs, and waits for the tick when it is older', () => {
  const recent = story().send('AAAA', { from: 0, received: 22 });
  assert.deepEqual(recent.notices(), ['RAISED @2#1 advisory at 22']);
  const older = story().wait(23).send('AAAA', { from: 0, received: 23 });
  assert.deepEqual(older.notices(), []);
  assert.deepEqual(older.tick(23).notices(), ['RAISED @2#1 advisory at 23']);
});

test('a queue of historicalAfterMs of slots is told of at the next tick, a longer one at the tick after', () => {
  const queue = (slots: number) =>
    story()
      .wait(900)
      .send('A'.repeat(slots + 1), { from: 0, received: 900 })
      .tick(900);
  assert.deepEqual(queue(20).notices().length, 1);
  const longer = queue(21);
  assert.deepEqual(longer.notices(), []);
  assert.deepEqual(longer.tick(901).notices().length, 1);
});

test('slots that nobody received are slots of the queue too', () => {
  const one = story()
    .wait(900)
    .send(`AAA${'-'.repeat(17)}AAAA`, { from: 0, received: 900 });
  assert.deepEqual(one.tick(900).notices(), []);
});

test('a queue whose last slot is recent is through', () => {
  const one = story()
    .wait(100)
    .send(`AAAA${'A'.repeat(80)}`, { from: 0, received: 100 });
  assert.deepEqual(one.notices(), ['RAISED @2#1 alarm at 100']);
});

test('a command tells at once what it changes, except while a queue is being emptied', () => {
  const one = story().wait(900).send('A'.repeat(30), { from: 0, received: 900 });
  ack(one);
  assert.deepEqual([one.refusals(), one.notices()], [[], []]);
  assert.deepEqual(one.tick(901).tick(902).notices(), ['RAISED @2#1 alarm at 902']);
});

test('an incident that ends while another opens in a queue is told RECOVERED before the other is RAISED', () => {
  const one = story({ ...CALM, reopenWithinMs: 0 })
    .play('AAAA')
    .forget();
  one.wait(900).send('nnnnnnnnAAAA', { from: 4, received: 904 }).tick().tick();
  assert.deepEqual(one.notices(), ['RECOVERED @2#2 advisory at 904', 'RAISED @14#1 advisory at 904']);
  assert.equal(one.state().superseded, null);
});

const RENAMED = {
  levels: [
    { severity: 'low', afterMs: 0, clearHoldMs: 2000 },
    { severity: 'high', afterMs: 12_000, clearHoldMs: 2000 },
  ],
  notifyFrom: 'low',
};

test('that levels are renamed or taken out is no rise and tells nothing, a rise after it does', () => {
  const one = story().play('AAAAAAAAA').forget().under(RENAMED).play('AAAA').tick();
  assert.deepEqual([one.notices(), one.state().incident?.severity], [[], 'warning']);
  one.play('AA');
  assert.deepEqual(one.notices(), ['ESCALATED @2#3 high at 14']);
  one
    .under({ levels: RENAMED.levels.slice(0, 1) })
    .play('AAAA')
    .tick();
  assert.equal(one.notices().length, 1);
});
