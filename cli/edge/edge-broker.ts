import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  AWS_IOT_ALPN,
  type AwsKeys,
  awsIotRegion,
  type BrokerAddress,
  type Secured,
  signedWebSocketUrl,
} from '../../edge/transport/broker-address.ts';
import { readTlsFiles, type TlsFiles } from '../../edge/transport/tls-files.ts';
import { awsKeys } from '../options/aws-options.ts';
import { brokerUrl } from '../options/option-value.ts';
import { UsageError } from '../terminal/usage-error.ts';

export type EdgeBrokerOptions = Readonly<{
  to: string;
  gateway: string;
  clientId?: string;
  username?: string;
  password?: string;
  cert?: string;
  key?: string;
  pkcs12?: string;
  keyPassphraseFile?: string;
  pkcs11Engine?: string;
  ca?: string;
  serverName?: string;
  alpn?: string;
  signFor?: string;
}>;

const clientId = (text: string): string => {
  if (/^[^\p{C}\s+#/]{1,128}$/u.test(text)) return text;
  throw new InvalidArgumentError('Use at most 128 characters, without spaces, slashes and wildcards.');
};

const region = (text: string): string => {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) return text;
  throw new InvalidArgumentError('Write a region of AWS, as eu-central-1.');
};

/** Which broker, and what is shown to it. */
export const withBrokerOptions = (command: Command): Command =>
  command
    .requiredOption('--to <url>', 'the broker: mqtt://host:1883, mqtts://, ws:// or wss://', brokerUrl)
    .addOption(new Option('--username <name>', 'for the broker').env('SENTINEL_MQTT_USERNAME'))
    .addOption(new Option('--password <text>', 'for the broker').env('SENTINEL_MQTT_PASSWORD'))
    .option(
      '--client-id <text>',
      'the MQTT client identifier (default: the gateway with a random ending; at AWS IoT the gateway)',
      clientId,
    )
    .option('--cert <file>', 'the certificate of this gateway, with its chain where it has one, PEM')
    .option('--key <file>', 'its private key, PEM; or pkcs11:…, the URI of a key in a token')
    .option('--pkcs12 <file>', 'certificate and key in one file, in place of --cert and --key')
    .option(
      '--key-passphrase-file <file>',
      'what --key or --pkcs12 is encrypted with, or the PIN, as its first line',
    )
    .option(
      '--pkcs11-engine <file>',
      'OpenSSL’s engine for keys in tokens (default: where distributions put it)',
    )
    .option('--ca <file>', 'the authorities to believe in place of those that Node knows, PEM')
    .option('--server-name <name>', 'the host that the broker’s certificate is for (default: that of --to)')
    .option(
      '--alpn <name>',
      `the protocol to ask for by ALPN (AWS IoT, port 443: ${AWS_IOT_ALPN.certificate})`,
    )
    .option(
      '--sign-for <region>',
      'sign wss:// with your AWS keys for AWS IoT there (default: by its host)',
      region,
    );

/** Checks what was asked for and gives how to connect. Rejects with a line that says what to do. */
export const edgeBroker = async (
  options: EdgeBrokerOptions,
): Promise<BrokerAddress & Readonly<{ clientId: string }>> => {
  const { to, username, password, gateway } = options;
  const url = new URL(to);
  const isAws = awsIotRegion(url.hostname) !== null;
  const fault = FAULTS.find(([isSo]) => isSo(options, url));
  if (fault !== undefined) throw new UsageError(fault[1]);
  // One thing and one certificate a gateway: its policy knows it by this identifier.
  const ownId = isAws ? gateway : `${gateway}-${randomUUID().slice(0, 8)}`;
  const address = { url: to, username, password, clientId: options.clientId ?? ownId };
  if (!isSecure(url)) return address;
  const keys = signingRegion(options, url) === null ? null : await awsKeys();
  await keys?.();
  const secure = async () => secured(options, url, keys);
  const checked = readTlsFiles(tlsFiles(options), Date.now());
  if (!checked.ok) throw new UsageError(checked.message);
  return { ...address, secure };
};

const isSecure = ({ protocol }: URL): boolean => protocol === 'mqtts:' || protocol === 'wss:';

const hasIdentity = ({ cert, key, pkcs12 }: EdgeBrokerOptions): boolean =>
  (cert ?? key ?? pkcs12) !== undefined;

type Fault = readonly [isSo: (options: EdgeBrokerOptions, url: URL) => boolean, message: string];

const FAULTS: readonly Fault[] = [
  [({ cert, key }) => (cert === undefined) !== (key === undefined), '--cert and --key go together'],
  [
    ({ cert, pkcs12 }) => cert !== undefined && pkcs12 !== undefined,
    '--pkcs12 holds certificate and key: leave --cert and --key out',
  ],
  [
    ({ key, pkcs12, keyPassphraseFile }) => keyPassphraseFile !== undefined && (key ?? pkcs12) === undefined,
    '--key-passphrase-file goes with --key or --pkcs12',
  ],
  [
    ({ key, pkcs11Engine }) => pkcs11Engine !== undefined && key?.startsWith('pkcs11:') !== true,
    '--pkcs11-engine goes with --key pkcs11:…',
  ],
  [
    (options, url) =>
      !isSecure(url) &&
      (hasIdentity(options) || (options.ca ?? options.serverName ?? options.alpn) !== undefined),
    '--cert, --key, --pkcs12, --ca, --server-name and --alpn go with mqtts:// or wss://',
  ],
  [
    ({ signFor }, { protocol }) => signFor !== undefined && protocol !== 'wss:',
    '--sign-for goes with wss://',
  ],
  [
    (_, url) => awsIotRegion(url.hostname) !== null && !isSecure(url),
    'AWS IoT takes no connection without TLS: write mqtts:// (or wss://)',
  ],
  [
    (options, url) => signingRegion(options, url) !== null && hasIdentity(options),
    'AWS IoT takes no client certificate over WebSocket: write mqtts://HOST:443 for the same port',
  ],
  [
    (options, { protocol, hostname }) =>
      awsIotRegion(hostname) !== null &&
      protocol === 'mqtts:' &&
      !hasIdentity(options) &&
      options.username === undefined,
    'AWS IoT demands a certificate of this gateway: --cert FILE --key FILE',
  ],
];

/** The region for which a WebSocket is signed; null for none. Who has a user name goes by a custom authorizer. */
const signingRegion = (
  { signFor, username }: EdgeBrokerOptions,
  { protocol, hostname }: URL,
): string | null =>
  protocol === 'wss:' ? (signFor ?? (username === undefined ? awsIotRegion(hostname) : null)) : null;

const tlsFiles = ({
  cert,
  key,
  pkcs12,
  keyPassphraseFile,
  pkcs11Engine,
  ca,
}: EdgeBrokerOptions): TlsFiles => ({
  cert,
  key,
  pkcs12,
  passphraseFile: keyPassphraseFile,
  engine: pkcs11Engine,
  ca,
});

const secured = async (
  options: EdgeBrokerOptions,
  url: URL,
  keys: (() => Promise<AwsKeys>) | null,
): Promise<Secured> => {
  const files = readTlsFiles(tlsFiles(options), Date.now());
  if (!files.ok) throw new Error(files.message);
  if (files.notNow !== null) throw new Error(files.notNow);
  const alpn = options.alpn ?? alpnOf(options, url);
  const tls = {
    ...files.material,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(alpn === null ? {} : { ALPNProtocols: [alpn] }),
  };
  const signed = signingRegion(options, url);
  if (signed === null || keys === null) return { tls };
  return { tls, url: signedWebSocketUrl(url.href, signed, await keys(), Date.now()) };
};

const alpnOf = (options: EdgeBrokerOptions, { protocol, hostname, port }: URL): string | null => {
  if (protocol !== 'mqtts:' || port !== '443' || awsIotRegion(hostname) === null) return null;
  return hasIdentity(options) ? AWS_IOT_ALPN.certificate : AWS_IOT_ALPN.custom;
};
