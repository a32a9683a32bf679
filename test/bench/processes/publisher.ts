import mqtt from 'mqtt';
import * as v from 'valibot';
import { traffic } from '../traffic.ts';
import { answer } from './answer.ts';

/** What a publisher is started with, as JSON. */
const options = v.object({
  port: v.number(),
  connections: v.number(),
  inFlight: v.number(),
  cylinders: v.number(),
  samplesPerMessage: v.number(),
  startMs: v.number(),
});

const { port, connections, inFlight, ...line } = v.parse(options, JSON.parse(process.argv[2] ?? ''));
const messages = traffic(line);
const clients = await Promise.all(
  Array.from({ length: connections }, (_, index) =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: `bench-${index}`, reconnectPeriod: 0 }),
  ),
);

/** Publishes with QoS 1; resolves when all is acknowledged. A cylinder keeps to its connection. */
const publish = (count: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let sent = 0;
    let acknowledged = 0;
    const fill = (): void => {
      while (sent < count && sent - acknowledged < inFlight) {
        const { topic, payload } = messages.next().value;
        const client = clients[(sent % line.cylinders) % connections];
        sent += 1;
        client?.publish(topic, payload, { qos: 1 }, onAcknowledged);
      }
    };
    const onAcknowledged = (error?: Error): void => {
      if (error) reject(error);
      acknowledged += 1;
      if (acknowledged === count) resolve();
      else fill();
    };
    fill();
  });

answer({ publish: (count) => publish(v.parse(v.number(), count)) });
