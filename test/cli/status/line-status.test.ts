import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentLines } from '../../../cli/incidents.ts';
import { statusLines } from '../../../cli/status/status-lines.ts';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { lineStatus } from '../../../usecases/line-status.ts';
import type { LineStatus } from '../../../usecases/ports/line-view.ts';
import { memoryLedger } from '../../contract/memory-ledger.ts';
import { at } from '../../fixture/alarm-story.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';

const policies = SHORT_BOOK;
const STALE_MS = policies.default.staleAfterMs;

/** The records after a second each of what was seen, and what was desired then. */
const records = async (
  patterns: Readonly<Record<string, string>>,
  desired: Readonly<Record<string, object>> = {},
): Promise<ReadonlyMap<string, CylinderRecord>> => {
  const ledger = memoryLedger();
  for (const [name, pattern] of Object.entries(patterns))
    await evaluateSamples({ ledger, policies })([messageOf(name, pattern)]);
  for (const [thing, asked] of Object.entries(desired))
    await applyDesiredState({ ledger, policies })({ thing, desired: { ...asked }, receivedAt: at(6) });
  const found = await ledger.cylinders(Object.keys(patterns));
  return new Map([...found].map(([name, { record }]) => [name, record]));
};

const said = ({ rows }: LineStatus) => rows.map(({ name, concerns }) => `${name}: ${concerns.join(' ')}`);

test('where nothing wants looking at, all is quiet', async () => {
  const status = lineStatus(await records({ a: 'nnnn', b: 'nnnn' }), new Map(), at(6), STALE_MS);
  assert.deepEqual(statusLines(status), ['all quiet, 2 cylinders watched']);
});

test('what is open, kept quiet or silent is there with who said what, the oldest first', async () => {
  const shelve = { by: 'bo', reason: 'parts', until: at(60) };
  const cylinders = await records(
    { quiet: 'nnnnnn', open: 'AAAAAA', shelved: 'AAAAAA', taken: 'AAAAAA', worked: 'nnnnnn' },
    { taken: { ack: { by: 'ana' } }, shelved: { shelve }, worked: { maintenance: shelve } },
  );
  const status = lineStatus(cylinders, new Map(), at(7), STALE_MS);
  assert.deepEqual(said(status), [
    'open: open unacknowledged',
    'shelved: open unacknowledged shelved',
    'taken: open',
    'worked: maintenance',
  ]);
  assert.equal(status.watched, 4);
  const lines = statusLines(status);
  assert.match(lines[0] ?? '', /^what +for +since +severity +state +last seen +said$/);
  assert.match(lines[2] ?? '', /^shelved .* abnormal, not acknowledged, shelved .* until .*Z by bo: parts$/);
  assert.match(lines[3] ?? '', /^taken .* acknowledged by ana$/);
  const silent = lineStatus(await records({ a: 'nnnn' }), new Map(), at(500), STALE_MS);
  assert.deepEqual([said(silent), silent.watched], [['a: silent'], 0]);
});

test('a cylinder that is heard and not judged is there with the cause, as long as it is heard', async () => {
  const [[name, record] = []] = await records({ a: 'nnnn' });
  assert.ok(name !== undefined && record !== undefined);
  const unwatched = { since: at(1), gateway: 'g', cause: 'coverage' as const };
  const alarm = { ...record.alarm, judging: { ...record.alarm.judging, unwatched } };
  const statusAt = (second: number) =>
    lineStatus(new Map([[name, { ...record, alarm }]]), new Map(), at(second), STALE_MS);
  assert.match(statusLines(statusAt(6))[1] ?? '', / unwatched: heard, but not judged: too few samples /);
  assert.deepEqual(
    [6, 500].map((second) => statusAt(second).rows.map(({ cause }) => cause)),
    [['coverage'], [null]],
  );
});

test('an incident that maintenance ended is over since then, and not acknowledged still', async () => {
  const maintenance = { by: 'bo', reason: 'parts', until: at(60) };
  const status = lineStatus(
    await records({ a: 'AAAAAA' }, { a: { maintenance } }),
    new Map(),
    at(7),
    STALE_MS,
  );
  const [row] = status.rows;
  assert.deepEqual(
    [row?.concerns, row?.since, row?.overSince],
    [['unacknowledged', 'maintenance'], at(6), at(6)],
  );
  const [, line] = statusLines(status);
  assert.match(line ?? '', /^a +1 s .* over since .*Z, not acknowledged, in maintenance /);
});

test('a gateway that was told as silent is there, under its own name', () => {
  const gateway = {
    lastHeardAt: at(0),
    heardSince: at(0),
    offline: { lastHeardAt: at(0), flapping: false, heardAgainAt: null },
    offlineTimes: [],
    dueAt: null,
  };
  const status = lineStatus(new Map(), new Map([['g1', gateway]]), at(60), STALE_MS);
  assert.match(statusLines(status)[1] ?? '', /^gateway g1 +1 min +.* offline +1 min ago$/);
});

test('incidents say when, for how long, who took them and what they were, and cannot write to the terminal', () => {
  const incident = incidentRecord({ acknowledgedBy: 'ana\u001b[2J', clearedAt: null, beganAt: at(0) });
  const [head, line] = incidentLines([incident], at(60));
  assert.match(head ?? '', /^cylinder +began +for +severity +acknowledged by +outcome +incident$/);
  assert.match(line ?? '', / 1 min .* ana�\[2J /);
  assert.deepEqual(incidentLines([], 0), ['no incidents']);
});
