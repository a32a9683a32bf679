/** Ends that come with ordinary clients: switched off, unplugged, killed. */
const ORDINARY_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  'keep alive timeout': 'nothing was heard of it for one and a half times its keep-alive',
  'drain timeout': 'it does not read what it subscribed to',
  'connect did not arrive in time': 'it sent no CONNECT',
};

/** A line for the log about a connection that an error ended; null where that is everyday, or told already. */
export const describeLostConnection = (who: string, error: Error & { code?: string }): string | null => {
  if (error.message === 'connection closed' || error.message === 'unacceptable protocol version') return null;
  if (error.code !== undefined && ORDINARY_CODES.has(error.code)) return null;
  return `MQTT: disconnected ${who}: ${PLAIN_WORDS[error.message] ?? error.message}`;
};
