import { connectAsync } from 'mqtt';
import { SENSORS } from '../../../domain/message/sample.ts';

const values = Object.fromEntries(SENSORS.map((sensor) => [sensor, 1]));

/**
 * Publishes so many numbered samples of `cyl-1` as fast as a client can, from the number `first` on, and notes which
 * were acknowledged. Resolves with their numbers when all were, or when the connection has ended.
 */
export const flood = async (
  port: number,
  { first = 0, count, onAcknowledged = () => undefined }: Options,
): Promise<readonly number[]> => {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, protocolVersion: 4 });
  client.on('error', () => undefined);
  const acknowledged: number[] = [];
  const startMs = Date.now() - count * 10;
  await new Promise<void>((resolve) => {
    client.once('close', () => resolve());
    for (let seq = first; seq < first + count; seq += 1) {
      const samples = [{ t: startMs + (seq - first) * 10, seq, ...values, probability: 0.1 }];
      const payload = JSON.stringify({ v: 1, boot: 'b1', samples });
      client.publish('greengrass/ml/inference/gw/cyl-1', payload, { qos: 1 }, (error) => {
        if (error) return;
        acknowledged.push(seq);
        onAcknowledged(acknowledged.length);
        if (acknowledged.length === count) resolve();
      });
    }
  });
  client.end(true);
  return acknowledged;
};

type Options = Readonly<{ first?: number; count: number; onAcknowledged?: (count: number) => void }>;
