import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { ALL_TOPICS } from '../traffic.ts';
import { answer } from './answer.ts';
import { messageCount } from './message-count.ts';
import { usage } from './usage.ts';

/** Node-RED without its editor, with a flow that a person would draw: MQTT in, then the alarm rule as a function. */

const nodeRed = v.object({ init: v.function(), start: v.function() });

const RULE = `
const { cylinder, samples } = msg.payload;
const cylinders = context.get('cylinders') || {};
const state = cylinders[cylinder] || (cylinders[cylinder] = { window: [], active: false });
for (const { probability } of samples) {
  state.window.push(probability >= 0.5 ? 1 : 0);
  if (state.window.length > 60) state.window.shift();
}
context.set('cylinders', cylinders);
global.get('received').add();
const ratio = state.window.reduce((sum, abnormal) => sum + abnormal, 0) / state.window.length;
if (state.window.length < 30) return null;
if (!state.active && ratio >= 0.6) {
  state.active = true;
  return { payload: { cylinder, condition: 'ACTIVE' } };
}
if (state.active && ratio < 0.2) {
  state.active = false;
  return { payload: { cylinder, condition: 'NORMAL' } };
}
return null;`;

const [, , port, folder = ''] = process.argv;
const received = messageCount();
const userDir = mkdtempSync(join(tmpdir(), 'sentinel-node-red-'));
process.on('exit', () => rmSync(userDir, { recursive: true, force: true }));
const flow = [
  { id: 'tab', type: 'tab', label: 'bench' },
  {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port,
    clientid: 'node-red',
    protocolVersion: '4',
  },
  {
    id: 'in',
    type: 'mqtt in',
    z: 'tab',
    topic: ALL_TOPICS,
    qos: '1',
    datatype: 'json',
    broker: 'broker',
    wires: [['rule']],
  },
  { id: 'rule', type: 'function', z: 'tab', func: RULE, outputs: 1, wires: [[]] },
];
writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));

const red = v.parse(nodeRed, createRequire(join(folder, 'package.json'))('node-red'));
red.init(createServer(), {
  userDir,
  flowFile: 'flows.json',
  httpAdminRoot: false,
  httpNodeRoot: false,
  functionGlobalContext: { received },
  logging: { console: { level: 'off' } },
  telemetry: { enabled: false, updateNotification: false },
});
await red.start();

/** It says nowhere that it has subscribed. */
const CONNECTED_WITHIN_MS = 3_000;
const subscribed = delay(CONNECTED_WITHIN_MS);

answer({ subscribed: () => subscribed, taken: received.until, usage });
