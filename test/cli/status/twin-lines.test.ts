import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twinLines } from '../../../cli/twin.ts';

const NOW_MS = Date.parse('2026-11-28T10:00:00Z');

test('a twin says condition, severity, since when, who has it, what is kept quiet, and what was asked last', () => {
  const lines = twinLines(
    'cyl-03',
    {
      condition: 'ACTIVE',
      severity: 'warning',
      since: NOW_MS - 600_000,
      incident: { id: 'cyl-03@1', open: true, severity: 'warning', acknowledgedBy: 'ana', reopenings: 1 },
      quality: 'good',
      suppression: { kind: 'shelved', until: NOW_MS + 60_000, by: 'bo', reason: 'parts\u001b[2J' },
      lastSeen: NOW_MS - 2000,
      lastSample: { t: 1, probability: 0.9, wRMSCurrent: 3.4, wCurrentLoad: null },
      lastCommands: [{ kind: 'ack', by: 'ana', at: NOW_MS - 60_000, result: 'in-force', words: 'on my way' }],
    },
    NOW_MS,
  );
  assert.deepEqual(
    lines,
    [
      'cylinder cyl-03, as of 2026-11-28 10:00:00Z',
      '  condition        ACTIVE, warning, since 2026-11-28 09:50:00Z, 10 min ago',
      '  incident         cyl-03@1, warning, open, came back once',
      '  acknowledged by  ana',
      '  kept quiet       shelved until 2026-11-28 10:01:00Z by bo: parts�[2J',
      '  quality          good',
      '  last seen        2026-11-28 09:59:58Z, 2 s ago',
      '  last sample      probability 0.9, wRMSCurrent 3.4, wCurrentLoad no answer',
      '',
      '  command  by   given                             result    words',
      '  ack      ana  2026-11-28 09:59:00Z, 1 min ago  in force  on my way',
    ].map((line) =>
      line.replace(
        'command  by   given                             result',
        'command  by   given                            result',
      ),
    ),
  );
});

test('a twin that says next to nothing is no error', () => {
  assert.deepEqual(twinLines('c', {}, NOW_MS), [
    'cylinder c, as of 2026-11-28 10:00:00Z',
    '  last seen        never',
  ]);
});

const UNWATCHED: readonly (readonly [string | undefined, string, RegExp | null])[] = [
  ['ahead', 'unwatched: heard, but not judged: clock ahead', /the gateway's clock: it is ahead/],
  ['late', 'unwatched: heard, but not judged: data too late', /the gateway's clock: it is behind/],
  ['coverage', 'unwatched: heard, but not judged: too few samples', /set samplePeriodMs to that/],
  ['warm-up', 'unwatched: heard, but not judged: keeps warming up', /warmUpMs/],
  ['unheard of', 'unwatched: heard, but not judged', null],
  [undefined, 'unwatched: heard, but not judged', null],
];
for (const [cause, quality, check] of UNWATCHED)
  test(`a twin that is unwatched says why: ${cause}`, () => {
    const lines = twinLines('c', { quality: 'unwatched', unwatched: { since: 0, cause } }, NOW_MS);
    assert.equal(lines[1], `  quality          ${quality}`);
    const looked = lines.find((line) => line.startsWith('  look at '));
    if (check === null) assert.equal(looked, undefined);
    else assert.match(looked ?? '', check);
  });

test('a twin that is watched again says no cause', () => {
  const lines = twinLines('c', { quality: 'good', unwatched: { since: 0, cause: 'late' } }, NOW_MS);
  assert.equal(lines[1], '  quality          good');
  assert.ok(!lines.some((line) => line.includes('look at')));
});

test('a twin with several samples a slot says which fields to set', () => {
  const words = '10 samples a slot, which is abnormal if any of them is: set samplePeriodMs to 100';
  const lines = twinLines('c', { sampling: { samplesPerSlot: 10, words } }, NOW_MS);
  assert.equal(lines.at(-1), `  sampling         ${words}`);
});

test('of several commands of a kind that were carried out the last one is in force, and the others are replaced', () => {
  const given = (kind: string, result: string) => ({ kind, by: 'ana', at: NOW_MS, result, words: '' });
  const lastCommands = [
    given('unshelve', 'in-force'),
    given('maintenance', 'refused'),
    given('maintenance', 'in-force'),
    given('shelve', 'in-force'),
    given('maintenance', 'in-force'),
  ];
  const lines = twinLines('c', { lastCommands }, NOW_MS).slice(-5);
  assert.deepEqual(
    lines.map((line) => /(in force|replaced|refused)/.exec(line)?.[0]),
    ['in force', 'refused', 'in force', 'replaced', 'replaced'],
  );
});
