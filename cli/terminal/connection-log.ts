import type { ConnectionEvent } from '../../edge/publisher/publisher.ts';

/** Logs what happens to a connection, a line each; the same failure over and over only once. */
export const logConnection = (log: (line: string) => void): ((event: ConnectionEvent) => void) => {
  let last = '';
  return (event) => {
    const line = describe(event);
    if (line === last) return;
    last = line;
    log(line);
  };
};

const describe = (event: ConnectionEvent): string => {
  switch (event.kind) {
    case 'lost':
      return 'connection to the broker lost; trying again';
    case 'failed':
      return event.message;
    case 'back':
      return `connected to the broker again; ${event.repeated} messages are sent again`;
  }
};
