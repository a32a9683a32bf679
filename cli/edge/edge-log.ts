import type { Log } from '../../edge/gateway/log.ts';
import type { MqttConnectionEvent } from '../../edge/transport/mqtt-transport.ts';
import { say, writeLine } from '../terminal/output.ts';

/** For people: sentences on standard error. */
export const plainLog: Log = ({ message }) => say(message);

/** For machines: one JSON object a line on standard output, with the time in UTC. */
export const jsonLog: Log = (entry) => {
  writeLine(JSON.stringify({ time: new Date().toISOString(), ...entry }));
};

/** Logs what befalls the connection to the broker; the same over and over only once. */
export const connectionLog = (log: Log, broker: string): ((event: MqttConnectionEvent) => void) => {
  let told = '';
  return (event) => {
    const message = describe(event, broker);
    if (message === told) return;
    told = message;
    const level = event.kind === 'connected' || event.kind === 'back' ? 'info' : 'warn';
    log({ level, event: 'connection', message });
  };
};

const describe = (event: MqttConnectionEvent, broker: string): string => {
  switch (event.kind) {
    case 'connected':
      return `connected to ${broker}`;
    case 'back':
      return `connected to ${broker} again`;
    case 'lost':
      return `connection to ${broker} lost; samples wait in the queue`;
    case 'dropped':
      return (
        `${broker} ends the connection before it acknowledges anything; of AWS IoT: does the policy allow iot:Publish ` +
        'on the topics of this gateway? Samples wait in the queue'
      );
    case 'failed':
      return `${event.message}; samples wait in the queue`;
  }
};
