import type { MqttConnectionEvent } from '../../edge/transport/mqtt-transport.ts';

/** Logs what happens to a connection, a line each; the same failure over and over only once. */
export const logConnection = (log: (line: string) => void): ((event: MqttConnectionEvent) => void) => {
  let last = '';
  return (event) => {
    const line = describe(event);
    if (line === last) return;
    last = line;
    log(line);
  };
};

const describe = (event: MqttConnectionEvent): string => {
  switch (event.kind) {
    case 'lost':
      return 'connection to the broker lost; trying again';
    case 'failed':
      return event.message;
    case 'connected':
      return 'connected to the broker';
    case 'back':
      return 'connected to the broker again; what was not acknowledged is sent again';
  }
};
