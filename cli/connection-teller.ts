import type { ConnectionEvent } from '../edge/publisher/publisher.ts';

/** Tells a person what befalls a connection, in a line each; the same failure over and over only once. */
export function connectionTeller(tell: (line: string) => void): (event: ConnectionEvent) => void {
  let told = '';
  return (event) => {
    const line = describe(event);
    if (line === told) return;
    told = line;
    tell(line);
  };
}

function describe(event: ConnectionEvent): string {
  switch (event.kind) {
    case 'lost':
      return 'connection to the broker lost; trying again';
    case 'failed':
      return event.message;
    case 'back':
      return `connected to the broker again; ${event.repeated} messages are sent again`;
  }
}
