import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectAsync } from 'mqtt';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { abnormalTraffic, TRAFFIC_POLICY } from '../run/abnormal-traffic.ts';
import { startSentinel } from '../run/start-sentinel.ts';
import { serveWebhook } from './serve-webhook.ts';

type Fields = Readonly<Record<string, unknown>>;
const parse = (line: string): Fields => JSON.parse(line);

const folder = scratchFolder();
const GUARD = { timeout: 300_000 };
const MESSAGES = 40;

/** A data folder with its policy, and the arguments of a run there. */
const place = () => {
  const data = mkdtempSync(join(folder, 'data-'));
  const policy = join(data, 'policy.json');
  writeFileSync(policy, JSON.stringify(TRAFFIC_POLICY));
  const run = ['run', '--source', 'none', '--data', data, '--policy', policy, '--mqtt-port', '0', '--json'];
  return { data, run };
};

/** Sends traffic that raises and clears a few times; resolves when all of it is acknowledged. */
const sendTraffic = async (port: number | null): Promise<void> => {
  assert.ok(port !== null);
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  const next = abnormalTraffic(Date.now() - 3_600_000);
  await Promise.all(
    Array.from({ length: MESSAGES }, () => {
      const { topic, payload } = next();
      return client.publishAsync(topic, payload, { qos: 1 });
    }),
  );
  await client.endAsync();
};

const noticeIds = (lines: readonly string[]): readonly string[] =>
  lines.map(parse).flatMap(({ kind, id }) => (kind === 'notice' ? [String(id)] : []));

const idsIn = (path: string): readonly string[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => String(parse(line).id))
    : [];

/** Each notice that was shown was told once, or is said to wait for the next start. */
const toldOrWaiting = (
  told: readonly string[],
  shown: readonly string[],
  errors: string,
  title: string,
): void => {
  const waiting = Number(new RegExp(`${title}: (\\d+) notices? waits? for the next`).exec(errors)?.[1] ?? 0);
  assert.equal(new Set(told).size, told.length, `${title}: told twice`);
  assert.deepEqual(
    told.filter((id) => !shown.includes(id)),
    [],
  );
  assert.equal(told.length + waiting, shown.length, errors);
};

/** Resolves when nothing is left of a process group. */
const untilGone = async (group: number): Promise<void> => {
  for (;;) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Resolves when a file has what is looked for; a file says nothing of itself, so that it is looked at again and again. */
const untilFile = async (isThere: () => boolean): Promise<void> => {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
};

test(
  'each notice reaches console, command, webhook and topic once, whole and in its order',
  GUARD,
  async (t) => {
    const { data, run } = place();
    const told = join(data, 'told.jsonl');
    const { ids, url, until } = await serveWebhook(t, (response) => response.writeHead(204).end());
    using sentinel = startSentinel([
      ...run,
      ...['--site', '울산 2', '--notify-command', `cat >> '${told}'`, '--notify-webhook', url],
    ]);
    const port = await sentinel.port;
    const reader = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
    const published: (readonly [topic: string, payload: Fields])[] = [];
    reader.on('message', (topic, payload) => published.push([topic, parse(payload.toString())]));
    await reader.subscribeAsync('sentinel/notices/#', { qos: 1 });
    await sendTraffic(port);
    await until(() => ids.length >= 4);
    await untilFile(() => idsIn(told).length >= 4);
    sentinel.child.kill('SIGTERM');
    const { code, lines, errors } = await sentinel.ended;
    assert.equal(code, 0, errors);
    const shown = noticeIds(lines);
    toldOrWaiting(ids, shown, errors, '--notify-webhook');
    toldOrWaiting(idsIn(told), shown, errors, '--notify-command');
    const publishedIds = published.map(([, { id }]) => String(id));
    toldOrWaiting(publishedIds, shown, errors, 'sentinel/notices');
    assert.ok(shown.length >= 4);
    for (const [topic, { cylinder, site, movers, probability }] of published) {
      assert.equal(topic, `sentinel/notices/울산 2/${cylinder}`);
      assert.equal(site, '울산 2');
      assert.ok(Array.isArray(movers) && typeof probability === 'number');
    }
    const [line] = lines.map(parse).filter(({ kind }) => kind === 'notice');
    const [, record] = published.find(([, { id }]) => id === line?.id) ?? [];
    assert.deepEqual({ ...line, kind: line?.type }, { ...record, type: line?.type });
    const secret = join(data, 'webhook-secret');
    assert.equal(statSync(secret).mode & 0o777, 0o600);
    assert.ok(errors.includes(secret) && !errors.includes(readFileSync(secret, 'utf8').trim()));
  },
);

test('a command that hangs holds up nothing, is killed at Ctrl-C, and its notices wait', GUARD, async (t) => {
  const { data, run } = place();
  const pids = join(data, 'pids');
  const { ids, url, until } = await serveWebhook(t, (response) => response.writeHead(200).end());
  using sentinel = startSentinel([
    ...run,
    ...['--notify-command', `echo $$ > '${pids}'; sleep 1000; exit 1`, '--notify-webhook', url],
  ]);
  await sendTraffic(await sentinel.port);
  await until(() => ids.length >= 4);
  await untilFile(() => existsSync(pids));
  const before = performance.now();
  sentinel.child.kill('SIGINT');
  const { code, lines, errors } = await sentinel.ended;
  t.diagnostic(`stopped within ${Math.round(performance.now() - before)} ms`);
  assert.equal(code, 0, errors);
  await untilGone(Number(readFileSync(pids, 'utf8')));
  const shown = noticeIds(lines);
  toldOrWaiting(ids, shown, errors, '--notify-webhook');
  assert.match(errors, new RegExp(`--notify-command: ${shown.length} notices wait for the next start`));

  const told = join(data, 'told.jsonl');
  using next = startSentinel([...run, '--notify-command', `cat >> '${told}'`]);
  await untilFile(() => idsIn(told).length >= shown.length);
  next.child.kill('SIGTERM');
  await next.ended;
  assert.deepEqual(idsIn(told).toSorted(), shown.toSorted());
});

test(
  'kill -9 again and again while a server fails and a command is at work: nothing is lost',
  GUARD,
  async (t) => {
    const { data, run } = place();
    const told = join(data, 'told.jsonl');
    const tellings = new Set<string>();
    let isDown = true;
    const { ids, url, until } = await serveWebhook(t, (response) => {
      if (isDown) return void response.writeHead(503).end();
      const id = ids.at(-1);
      if (id !== undefined) tellings.add(id);
      response.writeHead(200).end();
    });
    const args = [...run, '--notify-command', `sleep 0.05; cat >> '${told}'`, '--notify-webhook', url];
    const shown = new Set<string>();
    const take = (lines: readonly string[]): void => {
      for (const id of noticeIds(lines)) shown.add(id);
    };
    {
      using first = startSentinel(args);
      await sendTraffic(await first.port);
      // The second attempt comes after what became of the first was said.
      await until(() => ids.length >= 2);
      first.child.kill('SIGKILL');
      const { lines, errors } = await first.ended;
      take(lines);
      assert.match(
        errors,
        /--notify-webhook fails: HTTP 503 from http:\/\/127\.0\.0\.1:\d+; \d+ notices? waits?/,
      );
    }
    for (let kill = 0; kill < 2; kill += 1) {
      isDown = kill === 0;
      using again = startSentinel(args);
      const before = ids.length;
      await until(() => ids.length > before);
      again.child.kill('SIGKILL');
      const { lines, errors } = await again.ended;
      take(lines);
      take(errors.split('\n').filter((line) => line.startsWith('{')));
    }
    using last = startSentinel(args);
    await last.port;
    await until(() => [...shown].every((id) => tellings.has(id)));
    await untilFile(() => [...shown].every((id) => idsIn(told).includes(id)));
    last.child.kill('SIGTERM');
    const { code, errors } = await last.ended;
    assert.equal(code, 0, errors);
    assert.ok(shown.size >= 4);
  },
);

test(
  'HTTP 410 is said loudly once, the notices are kept for a person, and not sent again',
  GUARD,
  async (t) => {
    const { data, run } = place();
    const { ids, url, until } = await serveWebhook(t, (response) => response.writeHead(410).end());
    using sentinel = startSentinel([...run, '--notify-webhook', url]);
    await sendTraffic(await sentinel.port);
    await until(() => ids.length >= 4);
    sentinel.child.kill('SIGTERM');
    const { lines, errors } = await sentinel.ended;
    const shown = noticeIds(lines);
    toldOrWaiting(ids, shown, errors, '--notify-webhook');
    assert.equal(errors.split('REFUSED').length, 2, errors);
    const path = join(data, 'refused-notices.jsonl');
    const kept = readFileSync(path, 'utf8').trim().split('\n').map(parse);
    assert.equal(kept.length, ids.length);
    assert.match(String(kept[0]?.reason), /^HTTP 410 from /);
    assert.ok(errors.includes(`${ids.length} notices refused, kept in ${path}`), errors);
  },
);
