import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { scratchFolder } from '../contract/scratch-folder.ts';
import { startSentinel } from '../local/run/start-sentinel.ts';
import { runSentinel } from './run-sentinel.ts';

const folder = scratchFolder();
const sentinel = (...args: readonly string[]) => runSentinel(args);

/** A run whose simulated line has just raised its first incident. */
const raisedRun = async () => {
  const raised = Promise.withResolvers<string>();
  const run = startSentinel(
    ['run', '--data', mkdtempSync(join(folder, 'data-')), '--mqtt-port', '0', '--json'],
    {
      onLine: (line) => {
        const { type, cylinder } = JSON.parse(line);
        if (type === 'RAISED') raised.resolve(cylinder);
      },
    },
  );
  const to = `mqtt://127.0.0.1:${await run.port}`;
  return { run, to, cylinder: await raised.promise };
};

test('what an operator says is answered by the twin', { timeout: 300_000 }, async () => {
  const { run, to, cylinder } = await raisedRun();
  using _ = run;
  const say = (type: string, ...args: readonly string[]) =>
    sentinel(type, '--to', to, '--cylinder', cylinder, '--by', 'ana', ...args);

  assert.deepEqual(await say('ack', '--comment', 'on my way'), {
    code: 0,
    out: `${cylinder}: acknowledged, says ana`,
    errors: '',
  });
  assert.deepEqual(await say('shelve', '--reason', 'parts', '--until', '48h'), {
    code: 1,
    out: '',
    errors: `sentinel: ${cylinder}: refused, that is longer than the policy allows: at most 24 h (maxShelveMs)`,
  });
  assert.equal(
    (await say('maintenance', '--reason', 'over', '--until', '0')).errors,
    `sentinel: ${cylinder}: refused, there is no maintenance to end, and the time it is to last until has already passed`,
  );
  assert.equal(
    (await say('shelve', '--reason', 'parts', '--until', '1h')).out,
    `${cylinder}: shelved, says ana`,
  );
  assert.equal((await say('unshelve')).out, `${cylinder}: no longer shelved, says ana`);
  const shown = await sentinel('twin', '--json', '--to', to, '--cylinder', cylinder);
  const { reported } = JSON.parse(shown.out);
  assert.deepEqual(
    [reported.condition, reported.incident.acknowledgedBy, reported.ack.comment, reported.refused],
    ['ACTIVE', 'ana', 'on my way', undefined],
  );
  await say('maintenance', '--reason', 'new bearing', '--until', '1h');
  const closed = await say('close', '--outcome', 'fault', '--mode', 'bearing');
  assert.equal(closed.out, `${cylinder}: closed, says ana`);
  const after = JSON.parse(
    (await sentinel('twin', '--json', '--to', to, '--cylinder', cylinder)).out,
  ).reported;
  assert.deepEqual(
    [after.condition, after.suppression.kind, after.incident.outcome],
    ['NORMAL', 'maintenance', 'fault'],
  );
});

test('the line and its incidents can be looked at while it runs', { timeout: 300_000 }, async () => {
  const { run, to, cylinder } = await raisedRun();
  using _ = run;
  const say = (type: string, ...args: readonly string[]) =>
    sentinel(type, '--to', to, '--cylinder', cylinder, '--by', 'ana', ...args);
  const others = await say('ack', '--incident', `${cylinder}@1`);
  assert.match(others.errors, /refused, it was written for another incident/);
  await say('ack');
  const { rows } = JSON.parse((await sentinel('status', '--json', '--to', to)).out);
  assert.deepEqual(
    rows.map((row: { name: string; concerns: string[]; acknowledgedBy: string }) => [
      row.name,
      row.concerns,
      row.acknowledgedBy,
    ]),
    [[cylinder, ['open'], 'ana']],
  );
  assert.match(
    (await sentinel('status', '--to', to)).out,
    new RegExp(`${cylinder} .* abnormal .* acknowledged by ana\\n\\d+ cylinders? watched`),
  );
  const known = await sentinel('incidents', '--to', to, '--cylinder', cylinder, '--since', '1h');
  assert.match(known.out, new RegExp(`^cylinder .*\n${cylinder} .* ana +open +${cylinder}@\\d+$`));
  assert.equal((await sentinel('incidents', '--to', to, '--cylinder', 'cyl-99')).out, 'no incidents');
});

test('a cylinder that nobody has heard of is an error that says so', { timeout: 300_000 }, async () => {
  const { run, to } = await raisedRun();
  using _ = run;
  const { code, errors } = await sentinel('ack', '--to', to, '--cylinder', 'cyl-99', '--by', 'ana');
  assert.equal(code, 2);
  assert.match(errors, /there is no cylinder cyl-99/);
});

test('a broker that is not there is one line that says what to do', async () => {
  const { code, errors } = await sentinel('twin', '--to', 'mqtt://127.0.0.1:1', '--cylinder', 'cyl-01');
  assert.equal(code, 1);
  assert.match(errors, /^sentinel: no broker at mqtt:\/\/127\.0\.0\.1:1: start one with npm start/);
});

test('a desired state that leaves the twin no room does not stop the run', { timeout: 300_000 }, async () => {
  const { run, to, cylinder } = await raisedRun();
  using _ = run;
  const client = await mqtt.connectAsync(to);
  const topic = `$aws/things/${cylinder}/shadow/name/twin/update`;
  await client.publishAsync(topic, JSON.stringify({ state: { desired: { note: 'x'.repeat(7500) } } }), {
    qos: 1,
  });
  await client.publishAsync(topic, JSON.stringify({ state: { desired: { ack: { by: 'ana' } } } }), {
    qos: 1,
  });
  await client.publishAsync(topic, JSON.stringify({ state: { desired: { note: null } } }), { qos: 1 });
  await client.endAsync();
  const acknowledged = await sentinel('ack', '--to', to, '--cylinder', cylinder, '--by', 'bo');
  assert.equal(acknowledged.out, `${cylinder}: acknowledged, says bo`);
});
