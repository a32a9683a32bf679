import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RawMessage } from '../../../domain/message/raw-message.ts';
import { readMessage } from '../../../domain/message/read-message.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { answerQuarantine } from '../../../local/quarantine/answer-quarantine.ts';
import { sayQuarantined } from '../../../local/quarantine/quarantine-words.ts';
import { createSqliteQuarantine } from '../../../local/quarantine/sqlite-quarantine.ts';
import { raw, rejection } from '../../contract/quarantine-contract.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { messageOf } from '../../fixture/received-message.ts';

const folder = scratchFolder();
let files = 0;

const fixture = () => {
  const said: string[] = [];
  files += 1;
  const database = openLedgerDatabase({ path: join(folder, `${files}.sqlite`) });
  const quarantine = createSqliteQuarantine({ database, onPut: sayQuarantined((line) => said.push(line)) });
  const taken: RawMessage[] = [];
  let clockMs = 1_000_000;
  const ask = answerQuarantine({
    quarantine,
    now: () => clockMs,
    take: async (message) => {
      taken.push(message);
      const { rejections } = readMessage(message);
      if (rejections.length > 0) await quarantine.put([{ raw: message, rejections }]);
    },
  });
  const ahead = (cylinder: string, at: number) => ({
    raw: {
      ...messageOf(cylinder, 'nn').raw,
      topic: `greengrass/ml/inference/gw-2/${cylinder}`,
      receivedAt: at,
    },
    rejections: [0, 1].map((index) => rejection({ reason: 'time-ahead', cylinder, index })),
  });
  return {
    said,
    taken,
    quarantine,
    ask,
    ahead,
    setClock: (ms: number): void => {
      clockMs = ms;
    },
    [Symbol.dispose]: () => database.close(),
  };
};

const GARBAGE = {
  raw: raw({ topic: 'greengrass/ml/inference/gw-3/c8', body: new TextEncoder().encode('garbage') }),
  rejections: [rejection({ reason: 'not-json', detail: 'no JSON' })],
};

test('the list says of each device and reason how many messages there are, whatever is wrong in one of them', async () => {
  using given = fixture();
  await given.quarantine.put([given.ahead('c7', 10), given.ahead('c7', 20), GARBAGE]);
  const { messages, kinds } = await given.ask({ what: 'list' });
  assert.equal(messages, 3);
  assert.deepEqual(
    kinds
      .map((kind) => [kind.topic.slice(-7), kind.cylinder, kind.reason, kind.messages])
      .toSorted((a, b) => Number(b[3]) - Number(a[3])),
    [
      ['gw-2/c7', 'c7', 'time-ahead', 2],
      ['gw-3/c8', null, 'not-json', 1],
    ],
  );
});

test('the first of a device and reason is said at once, with what to do, and the others are not', async () => {
  using given = fixture();
  await given.quarantine.put([given.ahead('c7', 10), given.ahead('c6', 20)]);
  await given.quarantine.put([given.ahead('c7', 30), GARBAGE]);
  assert.equal(given.said.length, 2);
  assert.match(
    given.said[0] ?? '',
    /^quarantine: c7, gateway gw-2.*time-ahead.*set the clock of the device right/,
  );
  assert.match(given.said[1] ?? '', /^quarantine: c8, gateway gw-3.*not-json.*have it send JSON/);
});

test('what is shown is selected by device and reason', async () => {
  using given = fixture();
  await given.quarantine.put([given.ahead('c7', 10), given.ahead('c6', 20), GARBAGE]);
  const topics = async (more: object) =>
    (await given.ask({ what: 'show', ...more })).shown.map(({ topic }) => topic.slice(-7));
  assert.deepEqual(await topics({}), ['gw-3/c8', 'gw-2/c6', 'gw-2/c7']);
  assert.deepEqual(await topics({ cylinder: 'c7' }), ['gw-2/c7']);
  assert.deepEqual(await topics({ cylinder: 'c8' }), ['gw-3/c8']);
  assert.deepEqual(await topics({ gateway: 'gw-2', limit: 1 }), ['gw-2/c6']);
  assert.deepEqual(await topics({ reason: 'sensor' }), []);
});

test('what is tried again leaves the quarantine where it is understood, and what is not stays', async () => {
  using given = fixture();
  await given.quarantine.put([given.ahead('c7', 10), GARBAGE, given.ahead('c6', 20)]);
  const answer = await given.ask({ what: 'retry' });
  assert.deepEqual([answer.retried, answer.left, answer.isEnd], [2, 1, true]);
  assert.deepEqual(
    given.taken.map(({ receivedAt }) => receivedAt),
    [1_000_000, 1_000_000],
  );
  assert.equal(given.quarantine.count(), 1);
  const { kinds } = await given.ask({ what: 'list' });
  assert.deepEqual(
    kinds.map(({ reason }) => reason),
    ['not-json'],
  );
});

test('many are tried again a part at a time, each once, though some go back', async () => {
  using given = fixture();
  const bad = (at: number) => ({ ...given.ahead('c7', at), rejections: [rejection({ reason: 'sensor' })] });
  await given.quarantine.put(Array.from({ length: 250 }, (_, index) => bad(index)));
  given.setClock(5_000_000);
  let from = {};
  let asked = 0;
  for (let isEnd = false; !isEnd; asked += 1) {
    const answer = await given.ask({ what: 'retry', ...from });
    from = { afterId: answer.lastId, untilId: answer.untilId };
    isEnd = answer.isEnd;
  }
  assert.equal(asked, 3);
  assert.equal(given.taken.length, 250);
});

test('where nothing runs nothing is tried again, and nonsense gets the list', async () => {
  using given = fixture();
  await given.quarantine.put([GARBAGE]);
  const ask = answerQuarantine({ quarantine: given.quarantine, now: () => 0 });
  assert.equal((await ask({ what: 'retry' })).retried, 0);
  assert.equal((await ask('nonsense')).messages, 1);
  assert.equal(given.quarantine.count(), 1);
});
