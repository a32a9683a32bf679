import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createReplay } from '../../../domain/alarm/plant.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { randomSource } from '../../oracle/random-source.ts';
import { abnormalTraffic, TRAFFIC_POLICY } from './abnormal-traffic.ts';
import { bareLine, byFamily, type Line, linesIn, parseLine } from './notified-lines.ts';
import { type Message, persistentSender } from './persistent-sender.ts';
import { type Ended, startSentinel } from './start-sentinel.ts';

const KILLS = 20;
const SEED = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));

/** What the alarm says of these messages when nothing is killed. */
const expectedOf = (messages: readonly Message[], receivedAt: number): readonly Line[] => {
  const replay = createReplay();
  const inputs = [
    { policy: TRAFFIC_POLICY },
    ...messages.map(({ topic, payload }) => ({ receivedAt, topic, payload: parseLine(payload) })),
  ];
  return inputs.flatMap((input) => {
    const step = replay(input);
    assert.ok(step.ok);
    return step.lines;
  });
};

test(`killed at ${KILLS} random moments: what was acknowledged is stored once, and each notice notified once (CRASH_SEED=${SEED})`, async (t) => {
  const random = randomSource(SEED);
  const folder = scratchFolder();
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(TRAFFIC_POLICY));
  const data = join(folder, 'data');
  const args = ['run', '--source', 'none', '--data', data, '--policy', policy, '--mqtt-port', '0', '--json'];
  const startMs = Date.now() - 3_600_000;
  const sent: Message[] = [];
  const traffic = abnormalTraffic(startMs);
  const next = (): Message => {
    const message = traffic();
    sent.push(message);
    return message;
  };
  const sender = persistentSender(next, { everyMs: 4, inFlight: 50 });
  const notified: string[] = [];
  const doubtful = new Set<string>();
  const take = ({ lines, errors }: Ended): void => {
    notified.push(...lines);
    for (const line of linesIn(errors)) doubtful.add(JSON.stringify(bareLine(line)));
  };

  for (let kill = 0; kill < KILLS; kill += 1) {
    const moment = random.pick(['while it starts', 'at any time', 'at a notice', 'at a notice'] as const);
    let notices = moment === 'at a notice' ? 1 + random.integer(0, 30) : Number.POSITIVE_INFINITY;
    using sentinel = startSentinel(args, {
      onLine: (line) => {
        if (parseLine(line).kind !== 'notice') return;
        notices -= 1;
        if (notices === 0) setTimeout(() => sentinel.child.kill('SIGKILL'), random.integer(0, 3));
      },
    });
    if (moment === 'while it starts') {
      await delay(random.integer(0, 700));
      sentinel.child.kill('SIGKILL');
    }
    const port = await sentinel.port;
    if (port !== null) await sender.connect(port);
    if (moment === 'at any time') {
      await delay(random.integer(0, 300));
      sentinel.child.kill('SIGKILL');
    }
    const ended = await sentinel.ended;
    sender.disconnect();
    assert.equal(ended.signal, 'SIGKILL', ended.errors);
    take(ended);
  }

  using last = startSentinel(args);
  const port = await last.port;
  assert.ok(port !== null);
  await sender.connect(port);
  await delay(100);
  sender.pause();
  await sender.flush();
  last.child.kill('SIGTERM');
  const ended = await last.ended;
  sender.disconnect();
  assert.equal(ended.code, 0, ended.errors);
  take(ended);

  const said = notified.map(parseLine);
  const ids = said.flatMap(({ kind, id }) => (kind === 'notice' ? [id] : []));
  t.diagnostic(`${sender.acknowledged.length} messages acknowledged, ${ids.length} notices notified`);
  assert.equal(sender.acknowledged.length, sent.length);
  assert.ok(ids.length > KILLS, 'too few notices to prove anything');
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
    'notified twice',
  );
  const expected = expectedOf(sent, startMs + 3_600_000);
  const onOutput = new Set([...byFamily(said).values()].flat().map((line) => JSON.stringify(line)));
  // What a kill left in doubt is said on standard error and may be missing from the output, but nothing else may.
  const isNotified = (line: Line): boolean =>
    onOutput.has(JSON.stringify(bareLine(line))) || !doubtful.has(JSON.stringify(bareLine(line)));
  const missing = expected.filter((line) => !isNotified(line)).length;
  t.diagnostic(`${doubtful.size} lines left in doubt by a kill, ${missing} of them not on the output`);
  assert.deepEqual(byFamily(said), byFamily(expected.filter(isNotified)));

  const store = await openDuckDbTelemetry({ path: join(data, 'telemetry.duckdb') });
  const stored = await store.query('SELECT cylinder, seq FROM samples ORDER BY cylinder, seq');
  const incidents = await store.query('SELECT id, severity FROM incidents ORDER BY id');
  await store.close();
  const numbers = sent.map(({ payload }) => parseLine(payload));
  const isList = (value: unknown): value is readonly Line[] => Array.isArray(value);
  const wanted = numbers.flatMap(({ cylinder, samples }) =>
    isList(samples) ? samples.map(({ seq }) => `${cylinder} ${seq}`) : [],
  );
  assert.deepEqual(stored.map(({ cylinder, seq }) => `${cylinder} ${seq}`).sort(), wanted.sort());
  const severities = new Map(
    expected.flatMap(({ kind, incident, severity }) =>
      kind === 'severity' ? [[String(incident), String(severity)] as const] : [],
    ),
  );
  assert.deepEqual(
    incidents.map(({ id, severity }) => `${id} ${severity}`),
    [...severities].map(([id, severity]) => `${id} ${severity}`).sort(),
  );
});
