import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHORT_POLICY } from '../../../test/fixture/alarm-policy.ts';
import { at, type Story, samplesOf, story } from '../../../test/fixture/alarm-story.ts';
import { foldCylinder } from '../fold-cylinder.ts';
import type { CylinderState } from '../state/state.ts';

const CALM = { levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 1000 }] };
const ack = (one: Story) => one.order({ type: 'ack', by: 'ana' });
const shelve = (one: Story, until: number) =>
  one.order({ type: 'shelve', by: 'ana', reason: 'spare part on its way', until: at(until) });

test('data loss is not recovery (Prometheus #17482)', () => {
  const one = story().play('AAAA').forget();
  for (let second = 10; second < 4000; second += 10) one.tick(second);
  assert.deepEqual(one.notices(), []);
  assert.deepEqual(one.transitions(), []);
  assert.equal(one.state().condition, 'ACTIVE');
});

test('there is no alarm out of missing data (ThingsBoard #14210)', () => {
  const one = story();
  one.play('AA').wait(50).tick().tick().play('nn').wait(100).tick().play('nAn--').wait(90).tick();
  assert.deepEqual([one.transitions(), one.notices()], [[], []]);
});

const ENDINGS: readonly (readonly [string, (one: Story) => Story])[] = [
  ['it simply clears', (one) => one.play('nnnnnnn')],
  ['it was acknowledged', (one) => ack(one).play('nnnnnnn')],
  ['it was closed', (one) => one.order({ type: 'close', by: 'ana', outcome: 'sensor' }).play('nnnnnnn')],
  ['it clears on a shelf', (one) => shelve(one, 90).play('nnnnnnn')],
  ['the data stop before it clears', (one) => one.play('nnnnn').wait(40).tick()],
  ['it clears in a queue', (one) => one.wait(400).send('nnnnnnn', { from: 4, received: 404 }).tick().tick()],
  ['maintenance ends it', (one) => one.order({ type: 'maintenance', by: 'ana', reason: 'x', until: at(60) })],
  [
    'notifyFrom is raised above it',
    (one) =>
      one
        .under({
          levels: [...(CALM.levels ?? []), { severity: 'alarm', afterMs: 90_000, clearHoldMs: 0 }],
          notifyFrom: 'alarm',
        })
        .play('nnnnnnn'),
  ],
];

for (const [how, end] of ENDINGS) {
  test(`RECOVERED always follows RAISED, and once: ${how} (Alertmanager #1510, #2398)`, () => {
    const one = end(story(CALM).play('AAAA'));
    one.tick(one.second() + 500).tick(one.second() + 501);
    const types = one.notices().map((notice) => notice.split(' ')[0]);
    assert.deepEqual(types, ['RAISED', 'RECOVERED']);
  });
}

test('there is no second RAISED after a restart (ThingsBoard #15103)', () => {
  let stored: CylinderState = JSON.parse(JSON.stringify(story().play('AAAA').state()));
  for (const input of [
    { kind: 'samples', receivedAt: at(4), samples: samplesOf('A', 4) },
    { kind: 'tick', receivedAt: at(4) },
    { kind: 'samples', receivedAt: at(5), samples: samplesOf('AAAAAA', 0) },
  ] as const) {
    const { state, outputs } = foldCylinder('c', stored, input, SHORT_POLICY);
    assert.deepEqual(
      outputs.filter(({ kind }) => kind === 'notice'),
      [],
    );
    stored = JSON.parse(JSON.stringify(state));
  }
});
