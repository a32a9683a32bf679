import { readFileSync } from 'node:fs';
import { LocalError } from '../run/local-error.ts';
import type { Door, Tls } from './listen.ts';

/** How devices on other machines connect: where, and by what they prove who they are. */
export type Outside = Readonly<{
  host: string;
  port: number;
  /** The file of users and their passwords; null where certificates of `tls.ca` alone let in. */
  usersFile: string | null;
  tls: Tls | null;
}>;

type Places = Readonly<{
  host: string;
  port: number;
  outside?: Outside | undefined;
  webSocketPort?: number | undefined;
}>;

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** All that a broker listens on; what is asked for first is the one for this machine. */
export const doorsOf = ({ host, port, outside, webSocketPort }: Places): readonly Door[] => {
  const here: Door = {
    host,
    port,
    portOption: '--mqtt-port',
    tls: null,
    isWebSocket: false,
    local: 'all',
    hasUsers: false,
  };
  const there: Door | null =
    outside === undefined
      ? null
      : {
          host: outside.host,
          port: outside.port,
          portOption: '--listen ADDRESS:PORT',
          tls: outside.tls,
          isWebSocket: false,
          local: 'none',
          hasUsers: outside.usersFile !== null,
        };
  // One socket for all addresses of the machine: within it, it is what the other would have been.
  const isShared = there !== null && there.port === port && port !== 0 && WILDCARDS.has(there.host);
  const byWebSocket: readonly Door[] =
    webSocketPort === undefined
      ? []
      : [{ ...(there ?? here), port: webSocketPort, portOption: '--ws-port', isWebSocket: true }];
  if (there === null) return [here, ...byWebSocket];
  return isShared ? [{ ...there, local: 'own' }, ...byWebSocket] : [here, there, ...byWebSocket];
};

/** Reads a PEM file. Throws one line that names it. */
const readPem = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new LocalError(
      'Tls',
      `the ${what} ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      error,
    );
  }
};

/** Certificate, key and authority from their files; null where none were given. */
export const readTls = (
  files: Readonly<{ cert: string | undefined; key: string | undefined; ca: string | undefined }>,
): Tls | null => {
  if (files.cert === undefined || files.key === undefined) return null;
  return {
    cert: readPem(files.cert, 'certificate'),
    key: readPem(files.key, 'key'),
    ca: files.ca === undefined ? null : readPem(files.ca, 'authority'),
  };
};
