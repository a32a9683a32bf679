import { connectAsync, type MqttClient } from 'mqtt';

export type Message = Readonly<{ topic: string; payload: string }>;

/**
 * A client that sends messages one after the other with QoS 1 and keeps what was not acknowledged: at the next
 * connection that goes out first, in order, after the last few that were acknowledged, as if their PUBACK had been lost.
 */
export const persistentSender = (
  next: () => Message,
  { everyMs, inFlight }: Readonly<{ everyMs: number; inFlight: number }>,
) => {
  const acknowledged: Message[] = [];
  const unacknowledged = new Set<Message>();
  let client: MqttClient | null = null;
  let timer: NodeJS.Timeout | undefined;
  let onAcknowledged: () => void = () => undefined;

  const send = (message: Message): void => {
    client?.publish(message.topic, message.payload, { qos: 1 }, (error) => {
      if (error || !unacknowledged.delete(message)) return;
      acknowledged.push(message);
      onAcknowledged();
    });
  };

  return {
    acknowledged: acknowledged as readonly Message[],
    async connect(port: number): Promise<void> {
      const options = { reconnectPeriod: 0, protocolVersion: 4 } as const;
      const connected = await connectAsync(`mqtt://127.0.0.1:${port}`, options).catch(() => null);
      if (connected === null) return;
      client = connected;
      client.on('error', () => undefined);
      for (const message of [...acknowledged.slice(-5), ...unacknowledged]) send(message);
      timer = setInterval(() => {
        if (unacknowledged.size >= inFlight) return;
        const message = next();
        unacknowledged.add(message);
        send(message);
      }, everyMs);
    },
    /** Sends nothing new. */
    pause: (): void => clearInterval(timer),
    /** Resolves when everything that was sent is acknowledged. */
    flush: (): Promise<void> =>
      new Promise((resolve) => {
        onAcknowledged = () => {
          if (unacknowledged.size === 0) resolve();
        };
        onAcknowledged();
      }),
    disconnect: (): void => {
      clearInterval(timer);
      client?.end(true);
      client = null;
    },
  };
};
