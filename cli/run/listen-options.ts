import { InvalidArgumentError, Option } from 'commander';
import { type Outside, readTls } from '../../local/broker/outside.ts';
import { DEFAULT_MAX_CYLINDERS } from '../../local/pipeline/name-bound.ts';
import { wholeNumber } from '../options/option-value.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Where, and for whom, a run listens; what is absent was not asked for. */
export type ListenOptions = Readonly<{
  mqttPort?: number;
  listen?: Readonly<{ host: string; port: number | null }>;
  mqttUsers?: string;
  tlsCert?: string;
  tlsKey?: string;
  tlsCa?: string;
  wsPort?: number;
  maxCylinders?: number;
}>;

/** MQTT's own ports: without TLS, and with it. */
export const DEFAULT_PORT = 1883;
const TLS_PORT = 8883;

const ADDRESS =
  /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)|([0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*))(?::(\d{1,5}))?$/;

const address = (text: string): ListenOptions['listen'] => {
  const [, inBrackets, plain, six, digits] = ADDRESS.exec(text) ?? [];
  const host = inBrackets ?? plain ?? six;
  const port = digits === undefined ? null : Number(digits);
  if (host !== undefined && (port ?? 0) <= 65_535) return { host, port };
  throw new InvalidArgumentError(
    'Write an address of this machine, as 192.168.1.10, 0.0.0.0 or 192.168.1.10:8883.',
  );
};

/** The options of `sentinel run` that say who may connect, and how. */
export const listenOptions = (): readonly Option[] => [
  new Option(
    '--mqtt-port <number>',
    `the port of the MQTT broker on 127.0.0.1, 0 for any that is free (default: ${DEFAULT_PORT}; with --until-end: 0)`,
  ).argParser(wholeNumber(0, 65_535)),
  new Option(
    '--listen <address>',
    `also listen there for devices on other machines, as 0.0.0.0 or 192.168.1.10:8883 (port: ${TLS_PORT} with TLS, else that of --mqtt-port); needs --mqtt-users or --tls-ca`,
  ).argParser(address),
  new Option('--mqtt-users <file>', 'who may connect there: a file that sentinel mqtt-user add makes'),
  new Option('--tls-cert <file>', 'the certificate of this machine, PEM'),
  new Option('--tls-key <file>', 'its key, PEM'),
  new Option('--tls-ca <file>', 'the authority whose client certificates let in, by their common names, PEM'),
  new Option('--ws-port <number>', 'MQTT over WebSocket too, on this port and on the same terms').argParser(
    wholeNumber(0, 65_535),
  ),
  new Option(
    '--max-cylinders <number>',
    `how many cylinders may speak; further ones are refused (default: ${DEFAULT_MAX_CYLINDERS})`,
  ).argParser(wholeNumber(1, 1_000_000)),
];

type Rule = readonly [isBroken: (options: ListenOptions) => boolean, message: string];

/** What the options that say who may connect ask of each other. */
export const LISTEN_RULES: readonly Rule[] = [
  [
    ({ listen, mqttUsers, tlsCa }) => listen !== undefined && mqttUsers === undefined && tlsCa === undefined,
    '--listen lets other machines in: say which with --mqtt-users FILE (see sentinel mqtt-user add) or with --tls-ca FILE',
  ],
  [
    ({ listen, mqttUsers, tlsCert, tlsKey, tlsCa }) =>
      listen === undefined && (mqttUsers ?? tlsCert ?? tlsKey ?? tlsCa) !== undefined,
    '--mqtt-users, --tls-cert, --tls-key and --tls-ca go with --listen: this machine itself needs none',
  ],
  [
    ({ tlsCert, tlsKey }) => (tlsCert === undefined) !== (tlsKey === undefined),
    '--tls-cert and --tls-key go together',
  ],
  [
    ({ tlsCa, tlsCert }) => tlsCa !== undefined && tlsCert === undefined,
    '--tls-ca needs a certificate of this machine too: --tls-cert FILE --tls-key FILE',
  ],
];

/** How devices on other machines connect, if they do; the files are read now. */
export const outsideOf = (options: ListenOptions, port: number): Outside | undefined => {
  const { listen, mqttUsers, tlsCert, tlsKey, tlsCa } = options;
  if (listen === undefined) return undefined;
  const tls = readTls({ cert: tlsCert, key: tlsKey, ca: tlsCa });
  const outside: Outside = {
    host: listen.host,
    port: listen.port ?? (tls === null ? port : TLS_PORT),
    usersFile: mqttUsers ?? null,
    tls,
  };
  if (tls !== null && outside.port === port && port !== 0)
    throw new UsageError(
      `port ${port} is that of this machine itself: choose another, as --listen ${listen.host}:${TLS_PORT}`,
    );
  return outside;
};

/** What to say of where else clients connect: addresses, and a warning where passwords can be read on their way. */
export const outsideLines = (
  outside: Outside | undefined,
  port: number | null,
  webSocketPort: number | null,
): readonly string[] => {
  const { host = '127.0.0.1', tls = null } = outside ?? {};
  const shown = host.includes(':') ? `[${host}]` : host;
  const secure = tls === null ? '' : 's';
  return [
    ...(port === null ? [] : [`for others    mqtt${secure}://${shown}:${port}`]),
    ...(webSocketPort === null ? [] : [`WebSocket     ws${secure}://${shown}:${webSocketPort}`]),
    ...(outside !== undefined && tls === null
      ? ['              passwords travel unencrypted: give --tls-cert and --tls-key']
      : []),
  ];
};
