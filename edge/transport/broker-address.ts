import { createHash, createHmac } from 'node:crypto';
import { printable } from '../../domain/printable.ts';
import type { TlsMaterial } from './tls-files.ts';

/** How a connection is secured, and the address where that is another one for each connection. */
export type Secured = Readonly<{
  url?: string;
  tls: TlsMaterial & Readonly<{ servername?: string; ALPNProtocols?: string[] }>;
}>;

/** Where a broker listens and who we are to it. */
export type BrokerAddress = Readonly<{
  /** mqtt://, mqtts://, ws:// or wss://host[:port]; may hold user:password@. */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** Asked before each connection, since files are renewed and signatures end. Rejects with one line on what is wrong. */
  secure?: (() => Promise<Secured>) | undefined;
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

const UNKNOWN_AUTHORITY =
  'shows a certificate of an authority that is not known here: name the file of that authority with --ca';
const REFUSED_CERTIFICATE =
  'refuses the certificate of this client: is it the right one, active, in its time, and of an authority that the broker knows?';

/** What is wrong, by the code of an error of the network or of TLS. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'cannot be reached: nothing listens there; start the broker or check host and port',
  ENOTFOUND: 'cannot be reached: no such host; check the name',
  EAI_AGAIN: 'cannot be reached: the host name cannot be looked up; check the network',
  ETIMEDOUT: 'cannot be reached: the host does not answer; check host, port and firewall',
  ENETUNREACH: 'cannot be reached: there is no network; check the cable and the address',
  EHOSTUNREACH: 'cannot be reached: there is no way to the host; check the network',
  ECONNRESET: 'closed the connection; check that it speaks MQTT 3.1.1 on this port',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'demands a certificate of this client: --cert and --key',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS on this port; check the port, or write mqtt:// or ws://',
};

/** MQTT 3.1.1, table 3.1: why a broker refuses a connection. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'refuses MQTT 3.1.1; use a broker that speaks it',
  2: 'refuses the client identifier; choose another one',
  3: 'refuses connections for now; try again later',
  4: 'refuses the user name or password; check both',
  5: 'refuses this client: not authorized; check user name, password and its rights',
};

/** The alerts by which a server says what it thinks of a client, as they stand in OpenSSL's codes and sentences. */
const ALERTS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /ALERT NO APPLICATION PROTOCOL/,
    'does not speak the protocol that is asked for by ALPN: check the port, or set --alpn',
  ],
  [
    /ALERT (UNKNOWN CA|BAD CERTIFICATE|UNSUPPORTED CERTIFICATE|CERTIFICATE|ACCESS DENIED)/,
    REFUSED_CERTIFICATE,
  ],
  [/UNRECOGNIZED NAME/, 'knows no host of this name: check it, or set --server-name'],
  [
    /HANDSHAKE FAILURE/,
    'ended the TLS handshake: it may demand a certificate of this client (--cert and --key)',
  ],
  [/PROTOCOL VERSION|UNSUPPORTED PROTOCOL/, 'speaks no version of TLS that is still safe (1.2, 1.3)'],
];

/** What there is to say of a connection that failed. */
export type ConnectionFailure = Readonly<{
  /** The broker, as people know it. */
  shown: string;
  error: unknown;
  /** Where the connection was secured: the client identifier, which a policy may refuse. */
  securedAs?: string | undefined;
}>;

/** One line on why there is no connection to `shown`, and what to do. */
export const describeConnectionError = ({ shown, error, securedAs }: ConnectionFailure): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = printable(error instanceof Error ? error.message : String(error));
  if (typeof code === 'number' && REFUSALS[code] !== undefined) return `${shown} ${REFUSALS[code]}`;
  if (
    securedAs !== undefined &&
    (code === undefined || code === 'ECONNRESET' || code === 'EPIPE') &&
    CLOSED.test(message)
  )
    return (
      `${shown} ended the connection before it accepted it; of AWS IoT: is the certificate active, and does its policy ` +
      `allow iot:Connect for the client identifier ${securedAs}?`
    );
  if (typeof code === 'string') {
    const told = `${code} ${message}`.replaceAll('_', ' ').toUpperCase();
    const words =
      CAUSES[code] ?? ALERTS.find(([pattern]) => pattern.test(told))?.[1] ?? validityWords(code, error);
    if (words !== null) return `${shown} ${words}`;
  }
  if (code !== undefined) return `${shown} cannot be reached: ${message === '' ? code : message}`;
  if (message === 'connack timeout') return `${shown} does not answer; check that it is an MQTT broker`;
  const [, status] = /^Unexpected server response: (\d+)/.exec(message) ?? [];
  if (status !== undefined)
    return `${shown} refuses the WebSocket with HTTP ${status}; check the path, the keys and the clock of this machine`;
  return `${shown} does not speak MQTT 3.1.1: ${message}; check host and port`;
};

const CLOSED = /closed the connection|ECONNRESET|EPIPE|socket disconnected|socket hang up/;

/** What depends on this machine's clock or on the names in a certificate. */
const validityWords = (code: string, error: unknown): string | null => {
  const clock = `the clock here says ${new Date().toISOString().slice(0, 16)}Z: set it where that is wrong`;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `shows a certificate that has expired; ${clock}`;
    case 'CERT_NOT_YET_VALID':
      return `shows a certificate that is not valid yet; ${clock}`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const reason = error instanceof Error && 'reason' in error ? printable(String(error.reason)) : '';
      return `shows a certificate for another host (${reason.slice(0, 200)}); check the host, or set --server-name`;
    }
    default:
      return null;
  }
};

const ENDPOINT = /\.iot(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;

/** The region of an endpoint of AWS IoT, or null for any other host. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const awsIotRegion = (host: string): string | null => ENDPOINT.exec(host.toLowerCase())?.[1] ?? null;

/**
 * What a client names on port 443 of AWS IoT, where a certificate and custom authentication are told apart by it.
 * https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html
 */
export const AWS_IOT_ALPN = { certificate: 'x-amzn-mqtt-ca', custom: 'mqtt' } as const;

export type AwsKeys = Readonly<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}>;

/**
 * The address of AWS IoT's WebSocket with a Signature Version 4 in its query. The session token is no part of what is signed.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iam-users-groups-roles.html
 */
export const signedWebSocketUrl = (url: string, region: string, keys: AwsKeys, nowMs: number): string => {
  const { host } = new URL(url);
  const time = new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, 'iotdevicegateway', 'aws4_request'];
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent([keys.accessKeyId, ...scope].join('/'))}`,
    `X-Amz-Date=${time}`,
    'X-Amz-Expires=300',
    'X-Amz-SignedHeaders=host',
  ].join('&');
  const request = ['GET', '/mqtt', query, `host:${host}\n`, 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const token =
    keys.sessionToken === undefined ? '' : `&X-Amz-Security-Token=${encodeURIComponent(keys.sessionToken)}`;
  return `wss://${host}/mqtt?${query}&X-Amz-Signature=${signature}${token}`;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
