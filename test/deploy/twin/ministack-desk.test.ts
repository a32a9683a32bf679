import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetThingShadowCommand, IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { createShadowTwins } from '../../../aws/shadow/twins.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { runSentinel } from '../../cli/run-sentinel.ts';
import { startMinistack } from '../emulator/start-ministack.ts';

const ministack = await startMinistack();
after(() => ministack.stop());

const client = new IoTDataPlaneClient(clientSettings(ministack.endpoint));
const twins = createShadowTwins({ client, shadowName: 'twin' });

const desiredAck = async (thingName: string): Promise<{ id: string } | undefined> => {
  const { payload } = await client.send(new GetThingShadowCommand({ thingName, shadowName: 'twin' }));
  return JSON.parse(new TextDecoder().decode(payload)).state.desired?.ack;
};

const atDesk = (command: string, ...args: readonly string[]) =>
  runSentinel([command, '--aws', '--endpoint', ministack.endpoint, '--cylinder', 'cyl-07', ...args]);

test('a twin is read, and a command given and answered, over the IoT data plane', {
  timeout: 300_000,
}, async () => {
  assert.equal((await atDesk('twin')).code, 2);
  await twins.report('cyl-07', { condition: 'ACTIVE', ack: null }, 1);
  const shown = JSON.parse((await atDesk('twin', '--json')).out);
  assert.deepEqual(shown, { reported: { condition: 'ACTIVE', recordVersion: 1 }, desired: {} });

  const given = atDesk('ack', '--by', 'ana', '--comment', 'on my way');
  let ack = await desiredAck('cyl-07');
  for (; ack === undefined; ack = await desiredAck('cyl-07')) await sleep(50);
  const verdict = {
    kind: 'ack',
    by: 'ana',
    at: 0,
    incident: null,
    result: 'in-force',
    words: '',
    id: ack.id,
  };
  await twins.report('cyl-07', { condition: 'ACTIVE', ack, lastCommands: [verdict] }, 2);
  assert.deepEqual(await given, { code: 0, out: 'cyl-07: acknowledged, says ana', errors: '' });
});
