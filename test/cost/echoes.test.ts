import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageBytes } from '../../cost/assumed.ts';
import { callsOf } from '../../cost/calls.ts';
import { planOf } from '../../cost/plan.ts';
import { NUCLEUS_TIMING } from '../../edge/ipc/confirmation.ts';
import { createIpcTransport } from '../../edge/ipc/ipc-transport.ts';
import { openNucleusClient } from '../../edge/ipc/nucleus-client.ts';
import { connectToDouble, nucleusDouble } from '../edge/ipc/nucleus-double.ts';

/** So many echoes come of the messages that a gateway has at once. */
const echoesOf = async (messages: number, samples: number): Promise<number> => {
  const double = nucleusDouble();
  const { signal } = new AbortController();
  const nucleus = await openNucleusClient(() => Promise.resolve(connectToDouble(double)), { signal });
  // Nothing waits for an echo while there is more to send, however slow the machine is.
  const timing = { ...NUCLEUS_TIMING, stepMs: 60_000 };
  const transport = createIpcTransport({ nucleus, echoTopic: 'greengrass/ml/echo/line-01' }, { timing });
  const payload = 'x'.repeat(messageBytes(samples));
  const confirmed: (Promise<boolean> | undefined)[] = [];
  for (let message = 0; message < messages; message += 1) {
    const published = await transport.publish('greengrass/ml/inference/line-01/cyl-07', payload);
    assert.ok(published.ok);
    confirmed.push(published.confirmed);
  }
  await Promise.all(confirmed);
  await transport.close();
  await nucleus.close();
  return double.echoes();
};

for (const [cylinders, edgeBatch] of [
  [1, 10],
  [20, 10],
  [20, 1],
] as const) {
  test(`a gateway of ${cylinders} cylinders with ${edgeBatch} samples a message has as many echoes as the bill says, each sent and received`, async () => {
    const plan = planOf({ cylinders, edgeBatch, echo: 'on', incidents: 0 });
    const { echoMessages } = callsOf(plan, edgeBatch);
    assert.equal(echoMessages, 2 * (await echoesOf(cylinders, edgeBatch)));
    assert.equal(callsOf(planOf({ cylinders, edgeBatch }), edgeBatch).echoMessages, 0);
  });
}
