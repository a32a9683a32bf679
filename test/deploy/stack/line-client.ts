import mqtt from 'mqtt';

/** Somebody who publishes and subscribes over MQTT, as AWS IoT takes it. */
export type LineClient = Readonly<{
  publish(topic: string, payload: string | Uint8Array): Promise<void>;
  /** Hears what is published to one topic, in its order. */
  subscribe(topic: string, hear: (payload: string) => void): Promise<void>;
  close(): Promise<void>;
}>;

/** Connects to the emulator's MQTT over WebSocket. */
export const connectLine = async (
  { endpoint, region }: Readonly<{ endpoint: string; region: string }>,
  clientId: string,
): Promise<LineClient> => {
  const { port } = new URL(endpoint);
  const client = await mqtt.connectAsync(`ws://127.0.0.1:${port}/mqtt`, {
    clientId,
    protocolId: 'MQTT',
    protocolVersion: 4,
    reconnectPeriod: 0,
    wsOptions: { protocol: 'mqtt', headers: { Host: `data.iot.${region}.127.0.0.1:${port}` } },
  });
  return {
    publish: async (topic, payload) => {
      await client.publishAsync(topic, typeof payload === 'string' ? payload : Buffer.from(payload), {
        qos: 1,
      });
    },
    async subscribe(topic, hear) {
      client.on('message', (to, payload) => {
        if (to === topic) hear(payload.toString('utf8'));
      });
      await client.subscribeAsync(topic, { qos: 1 });
    },
    close: () => client.endAsync(),
  };
};
