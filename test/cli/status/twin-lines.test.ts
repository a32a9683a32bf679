import assert from 'node:assert/strict';
import { test } from 'node:test';
import { twinLines } from '../../../cli/twin/twin-lines.ts';

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
