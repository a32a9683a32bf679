import { setImmediate as breathe } from 'node:timers/promises';
import type { QueuedSample } from '../../../edge/message/encode-message.ts';
import { createPublisher } from '../../../edge/publisher/publisher.ts';
import { createMqttTransport } from '../../../edge/transport/mqtt-transport.ts';

/**
 * A gateway of its own process: lives through the seconds `from` to `to` of event time as fast as it can, prints how
 * many samples its queue has accepted whenever that changes, then waits until all have arrived, if nobody kills it.
 */
const [url = '', path = '', boot = '', from = '', to = '', cylinders = ''] = process.argv.slice(2);
let nowMs = Number(from) * 1000;
let accepted = 0;

const publisher = createPublisher(
  { transport: createMqttTransport({ url, clientId: boot, retryMs: [20, 50, 100] }), now: () => nowMs },
  {
    gateway: 'gw-1',
    queue: {
      path,
      commitMs: 20,
      onCommitted: (samples) => {
        accepted += samples.length;
        process.stdout.write(`${accepted}\n`);
      },
    },
    drainPerSecond: 1e9,
    timeoutMs: 500,
  },
);

const sampleOf = (cylinder: number, second: number): QueuedSample => ({
  origin: { cylinder: `cyl-${cylinder}`, boot, model: 'm@1' },
  sample: {
    t: second * 1000,
    seq: second - Number(from),
    values: [20 + cylinder, 2.5, 1.25, second % 7, null, 1180],
    probability: 0.5,
    why: null,
  },
});

for (let second = Number(from); second < Number(to); second += 1) {
  nowMs = second * 1000;
  publisher.send(Array.from({ length: Number(cylinders) }, (_, cylinder) => sampleOf(cylinder, second)));
  await breathe();
}
await publisher.flush(new AbortController().signal);
await publisher.close();
