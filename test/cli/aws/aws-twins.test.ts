import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { IoTDataPlaneClient, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane';
import { createTwinClient } from '../../../aws/shadow/twin-client.ts';
import { startShadowServer } from '../../aws/shadow/server.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { runSentinel, SOMEBODY } from '../run-sentinel.ts';

const server = await startShadowServer();
const client = new IoTDataPlaneClient(clientSettings(server.endpoint));
after(async () => {
  client.destroy();
  await server.close();
});

const report = (thingName: string, reported: object) =>
  client.send(
    new UpdateThingShadowCommand({
      thingName,
      shadowName: 'twin',
      payload: Buffer.from(JSON.stringify({ state: { reported } })),
    }),
  );

/** Answers every command as the functions do once they have carried it out. */
const answering = (answerOf: (ack: Readonly<Record<string, unknown>>) => object) => {
  const asked = new Map<string, Readonly<Record<string, unknown>>>();
  server.control.instead = ({ method, thing, update }) => {
    const { state } = JSON.parse(JSON.stringify(update ?? {}));
    if (method === 'POST' && state?.desired?.ack) asked.set(thing, state.desired.ack);
    // Answered while the person is polling, not with the update.
    const ack = asked.get(thing);
    if (method === 'GET' && ack !== undefined && asked.delete(thing)) void report(thing, answerOf(ack));
    return null;
  };
};

const withAws = (command: string, cylinder: string, ...args: readonly string[]) =>
  runSentinel([command, '--aws', '--endpoint', server.endpoint, '--cylinder', cylinder, ...args]);

test('what a person says is written to the shadow, and the answer is what it reports', {
  timeout: 300_000,
}, async () => {
  await report('cyl-07', { condition: 'ACTIVE' });
  answering((ack) => ({ ack, lastCommands: [{ kind: 'ack', id: ack.id, result: 'in-force' }] }));
  assert.deepEqual(await withAws('ack', 'cyl-07', '--by', 'ana', '--comment', 'on my way'), {
    code: 0,
    out: 'cyl-07: acknowledged, says ana',
    errors: '',
  });
  const { reported, desired } = JSON.parse((await withAws('twin', 'cyl-07', '--json')).out);
  assert.deepEqual(
    [reported.condition, reported.ack.comment, desired.ack.by],
    ['ACTIVE', 'on my way', 'ana'],
  );
});

test('a refusal is told in its words', { timeout: 300_000 }, async () => {
  await report('cyl-08', { condition: 'NORMAL' });
  answering(({ id }) => ({
    lastCommands: [{ kind: 'ack', id, result: 'refused', words: 'there is nothing to acknowledge' }],
  }));
  assert.deepEqual(await withAws('ack', 'cyl-08', '--by', 'ana'), {
    code: 1,
    out: '',
    errors: 'sentinel: cyl-08: refused, there is nothing to acknowledge',
  });
});

test('a command without an answer in time says that it was given', async () => {
  await report('cyl-09', { condition: 'ACTIVE' });
  server.control.instead = () => null;
  const twins = createTwinClient(
    { endpoint: server.endpoint, region: 'eu-central-1' },
    { patienceMs: 60, everyMs: 20 },
  );
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  const asked = { ack: { by: 'ana', id: 'a-1' } };
  await assert.rejects(
    twins.desire('cyl-09', asked, () => false),
    /^Error: cyl-09: the command was given, but not answered within 0.06 s; look later with sentinel twin --aws --cylinder cyl-09, .* sentinel ledger show --aws --cylinder cyl-09$/,
  );
  assert.deepEqual((await twins.get('cyl-09'))?.desired, asked);
  await twins.close();
});

test('a cylinder that nobody has heard of, missing keys and a missing region are errors that say what to do', {
  timeout: 300_000,
}, async () => {
  server.control.instead = () => null;
  const args = ['twin', '--endpoint', server.endpoint, '--cylinder', 'cyl-99'];
  const nobody = await runSentinel([...args, '--region', 'eu-central-1'], {});
  const nowhere = await runSentinel(args, SOMEBODY);
  const unheard = await runSentinel(args);
  assert.deepEqual(
    [nobody, nowhere, unheard].map(({ code, errors }) => [code, errors]),
    [
      [
        2,
        'sentinel: the twin of cyl-99 could not be read: no AWS credentials (Could not load credentials from any providers); run aws configure or aws sso login, or set AWS_PROFILE',
      ],
      [
        2,
        'sentinel: the twin of cyl-99 could not be read: no AWS region; name it with --region or AWS_REGION',
      ],
      [2, 'sentinel: there is no cylinder cyl-99: its twin appears with its first sample'],
    ],
  );
});

test('who may not is told so, and a broker and AWS at once make no sense', { timeout: 300_000 }, async () => {
  server.control.instead = () => ({ status: 403, message: 'User x may not iot:GetThingShadow' });
  const denied = await withAws('twin', 'cyl-07');
  assert.deepEqual(
    [denied.code, denied.errors],
    [1, 'sentinel: the twin of cyl-07 could not be read: access denied: User x may not iot:GetThingShadow'],
  );
  const both = await withAws('twin', 'cyl-07', '--to', 'mqtt://127.0.0.1:1883');
  assert.equal(both.code, 2);
  assert.match(both.errors, /--aws.* cannot be used with .*--to/);
});
