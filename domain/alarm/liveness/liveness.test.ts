import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at } from '../../../test/fixture/alarm-story.ts';
import type { Liveness } from '../state/state.ts';
import { correctedTime, correctLiveness, isAheadOf, offlineDueAt, tickLiveness } from './liveness.ts';

// Stale after 30 s, back for good after 10 s, ahead after 5 s.
const policy = SHORT_POLICY;
const DAY_MS = 86_400_000;

const heard = (changes: Partial<Liveness> = {}): Liveness => ({
  lastHeardAt: at(20),
  heardSince: at(0),
  offline: null,
  offlineTimes: [],
  ...changes,
});
const flapping = (heardAgainAt: number | null) => ({ lastHeardAt: at(-99), flapping: true, heardAgainAt });

const NOW = at(25);
const END_OF_DAY = Math.ceil(NOW / DAY_MS) * DAY_MS;

const DUE: readonly (readonly [string, Liveness, number, number])[] = [
  ['one that is not offline is looked at by the end of the day', heard(), NOW, END_OF_DAY],
  [
    'so is one that does not flap',
    heard({ offline: { ...flapping(at(1)), flapping: false } }),
    NOW,
    END_OF_DAY,
  ],
  ['so is one that was not heard again', heard({ offline: flapping(null) }), NOW, END_OF_DAY],
  ['one that is steady is due at once', heard({ offline: flapping(at(10)) }), NOW, NOW],
  ['one that is not yet is due when it is stale', heard({ offline: flapping(at(11)) }), NOW, at(50)],
  [
    'one that is stale waits for the end of the day',
    heard({ offline: flapping(at(11)) }),
    at(50),
    END_OF_DAY,
  ],
  ['at midnight the end of the day is a day away', heard(), END_OF_DAY, END_OF_DAY + DAY_MS],
];
for (const [name, liveness, now, dueAt] of DUE)
  test(name, () => assert.equal(offlineDueAt(liveness, now, policy), dueAt));

test('every time that is further ahead than tolerated is that of the tick, and no other', () => {
  const ahead = heard({ lastHeardAt: at(40), offline: flapping(at(39)) });
  assert.deepEqual(correctLiveness(ahead, at(10), policy), {
    ...ahead,
    lastHeardAt: at(10),
    offline: flapping(at(10)),
  });
  const since = heard({ lastHeardAt: at(40), heardSince: at(40), offline: flapping(at(12)) });
  const corrected = correctLiveness(since, at(10), policy);
  assert.deepEqual([corrected.heardSince, corrected.offline], [at(10), flapping(at(12))]);
  const unheard = heard({ lastHeardAt: at(40), offline: flapping(null) });
  assert.equal(correctLiveness(unheard, at(10), policy).offline, unheard.offline);
  assert.equal(correctLiveness(heard({ lastHeardAt: at(40) }), at(10), policy).offline, null);
});

test('a time is ahead from more than the tolerance on, and one that is not there never is', () => {
  assert.deepEqual(
    [correctedTime(at(15), at(10), policy), correctedTime(at(15) + 1, at(10), policy)],
    [at(15), at(10)],
  );
  assert.deepEqual(
    [[at(15)], [at(15) + 1], [null], [at(1), at(99)]].map((times) => isAheadOf(at(10), times, policy)),
    [false, true, false, true],
  );
  const tolerated = heard({ lastHeardAt: at(15) });
  assert.equal(correctLiveness(tolerated, at(10), policy), tolerated);
});

test('the last two OFFLINE are remembered', () => {
  const twice = heard({ offlineTimes: [at(-900), at(-800)] });
  const { liveness } = tickLiveness({ gateway: 'g' }, twice, true, at(90), policy);
  assert.deepEqual(liveness.offlineTimes, [at(-800), at(90)]);
  assert.equal(tickLiveness({ gateway: 'g' }, liveness, true, at(91), policy).liveness, liveness);
});
