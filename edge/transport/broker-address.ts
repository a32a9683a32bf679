/** Where a broker listens and who we are to it. */
export type BrokerAddress = Readonly<{
  /** mqtt://, mqtts://, ws:// or wss://host[:port]; may hold user:password@. */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
}>;

export type CheckedUrl = Readonly<{ ok: true; shown: string }> | Readonly<{ ok: false; message: string }>;

const PROTOCOLS: readonly string[] = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** Checks the URL of a broker; `shown` is how to name it to people, without its password. */
export const checkBrokerUrl = (url: string): CheckedUrl => {
  const parsed = URL.parse(url);
  if (parsed === null || !PROTOCOLS.includes(parsed.protocol) || parsed.hostname === '') {
    return {
      ok: false,
      message: `${JSON.stringify(url)} is no broker's address; write it as mqtt://host:1883`,
    };
  }
  return { ok: true, shown: `${parsed.protocol}//${parsed.host}` };
};

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'cannot be reached: nothing listens there; start the broker or check host and port',
  ENOTFOUND: 'cannot be reached: no such host; check the name',
  EAI_AGAIN: 'cannot be reached: the host name cannot be looked up; check the network',
  ETIMEDOUT: 'cannot be reached: the host does not answer; check host, port and firewall',
  ENETUNREACH: 'cannot be reached: there is no network; check the cable and the address',
  EHOSTUNREACH: 'cannot be reached: there is no way to the host; check the network',
  ECONNRESET: 'closed the connection; check that it speaks MQTT 3.1.1 on this port',
};

/** MQTT 3.1.1, table 3.1: why a broker refuses a connection. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'refuses MQTT 3.1.1; use a broker that speaks it',
  2: 'refuses the client identifier; choose another one',
  3: 'refuses connections for now; try again later',
  4: 'refuses the user name or password; check both',
  5: 'refuses this client: not authorized; check user name, password and its rights',
};

/** One line on why there is no connection to `shown`, and what to do. */
export const describeConnectionError = (shown: string, error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'number' && REFUSALS[code] !== undefined) return `${shown} ${REFUSALS[code]}`;
  if (typeof code === 'string' && CAUSES[code] !== undefined) return `${shown} ${CAUSES[code]}`;
  const message = error instanceof Error ? error.message : String(error);
  if (code !== undefined) return `${shown} cannot be reached: ${message === '' ? code : message}`;
  if (message === 'connack timeout') return `${shown} does not answer; check that it is an MQTT broker`;
  return `${shown} does not speak MQTT 3.1.1: ${message}; check host and port`;
};
