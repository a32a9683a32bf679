import mqtt, { type MqttClient } from 'mqtt';
import { SAMPLES_PER_MESSAGE, type SentLine, type SentMessage } from './sent-line.ts';

const IN_FLIGHT = 100;
/** So many that were acknowledged are sent again at each connection, as if their PUBACK had been lost. */
const AGAIN = 5;
const RECONNECT_MS = 200;

/** Sends a line over some connections; what is not acknowledged is sent again at the next one, in its order. */
export type Load = Readonly<{
  /** Sends to a pipeline from now on; whoever cuts a connection off gets it again. */
  connect(port: number): void;
  disconnect(): void;
  acknowledgedSamples(): number;
  isDone(): boolean;
  /** Called at each acknowledgement. */
  onAcknowledged(listener: () => void): void;
}>;

const clientIdOf = (lane: number): string => `soak-line-${lane}`;

export const createLoad = (line: SentLine): Load => {
  let port: number | null = null;
  let acknowledged = 0;
  let listener: () => void = () => undefined;

  const createLane = (index: number) => {
    const rest = line.lane(index);
    const unacknowledged = new Set<SentMessage>();
    let latest: readonly SentMessage[] = [];
    let client: MqttClient | null = null;
    let isDone = false;

    const publish = (to: MqttClient, message: SentMessage): void => {
      to.publish(message.topic, message.payload, { qos: 1 }, (error) => {
        if (error || to !== client || !unacknowledged.delete(message)) return;
        latest = [...latest.slice(1 - AGAIN), message];
        acknowledged += 1;
        fill(to);
        listener();
      });
    };
    const fill = (to: MqttClient): void => {
      while (!isDone && unacknowledged.size < IN_FLIGHT) {
        const { value, done } = rest.next();
        isDone = done === true;
        if (value === undefined) return;
        unacknowledged.add(value);
        publish(to, value);
      }
    };
    const connect = (): void => {
      if (port === null) return;
      const connecting = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
        clientId: clientIdOf(index),
        reconnectPeriod: 0,
        protocolVersion: 4,
      });
      client = connecting;
      connecting.on('error', () => undefined);
      connecting.once('connect', () => {
        for (const message of [...latest, ...unacknowledged]) publish(connecting, message);
        fill(connecting);
      });
      connecting.once('close', () => {
        connecting.end(true);
        if (client === connecting) setTimeout(() => client === connecting && connect(), RECONNECT_MS);
      });
    };
    return {
      connect,
      disconnect: (): void => {
        client?.end(true);
        client = null;
      },
      isDone: () => isDone && unacknowledged.size === 0,
    };
  };

  const lanes = Array.from({ length: line.lanes }, (_, index) => createLane(index));
  return {
    connect: (to) => {
      port = to;
      for (const lane of lanes) lane.connect();
    },
    disconnect: () => {
      port = null;
      for (const lane of lanes) lane.disconnect();
    },
    acknowledgedSamples: () => acknowledged * SAMPLES_PER_MESSAGE,
    isDone: () => lanes.every((lane) => lane.isDone()),
    onAcknowledged: (call) => {
      listener = call;
    },
  };
};
