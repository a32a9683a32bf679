import { createMqttTransport, type MqttTransportOptions } from '../transport/mqtt-transport.ts';
import { createPublisher, type Publisher } from './publisher.ts';

export type ConnectPublisherOptions = MqttTransportOptions & Readonly<{ gateway: string; now: () => number }>;

/** So many samples are more than a broker leaves unacknowledged while it keeps up: the source may wait then. */
export const MAX_QUEUED_IN_MEMORY = 5_000;

/**
 * A publisher over MQTT whose queue is in memory, in the order of event time: for what can be read or made again.
 * Rejects when there is no first connection; one that is lost later is made again.
 */
export const connectPublisher = async (options: ConnectPublisherOptions): Promise<Publisher> => {
  const { gateway, now, onConnection = () => {} } = options;
  const first = Promise.withResolvers<void>();
  let isConnected = false;
  const transport = createMqttTransport({
    ...options,
    onConnection(event) {
      if (event.kind === 'connected') isConnected = true;
      if (event.kind === 'failed') first.reject(new Error(event.message));
      else first.resolve();
      if (isConnected) onConnection(event);
    },
  });
  try {
    await first.promise;
  } catch (error) {
    await transport.close();
    throw error;
  }
  const forever = Number.POSITIVE_INFINITY;
  // Samples are committed together so that they share messages.
  const queue = { path: null, maxAgeMs: forever, maxBytes: forever, commitMs: 50 };
  return createPublisher({ transport, now }, { gateway, queue, recentMs: forever, inFlight: 100 });
};
