import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import * as v from 'valibot';
import { createDeskApp } from '../../desk/api/desk-app.ts';
import { linkPayload, linkToken } from '../../desk/api/link-token.ts';
import { bundlePage, type PageFiles } from '../../desk/page/bundle-page.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { type DeskServer, openDeskServer } from '../../local/desk/desk-server.ts';
import { ANYBODY, entrance, openLinkKey } from '../../local/desk/entrance.ts';
import type { LocalDesk } from '../../local/desk/local-desk.ts';
import type { NoticeOrigin } from '../../local/notices/channel.ts';
import type { DataFolder } from '../../local/run/data-folder.ts';
import { wholeNumber } from '../options/option-value.ts';

/** Where the desk is served; what is absent was not asked for. */
export type DeskOptions = Readonly<{
  desk?: boolean;
  deskHost?: string;
  deskPort?: number;
  deskUrl?: string;
}>;

const DEFAULT_DESK_PORT = 8080;

/** More would leave an SMS no room. */
const MAX_URL_CHARACTERS = 80;

const deskUrl = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || text.length > MAX_URL_CHARACTERS)
    throw new InvalidArgumentError(
      `Write an address that begins with http:// or https://, of at most ${MAX_URL_CHARACTERS} characters.`,
    );
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError('Leave out user, password, ? and #.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
};

/** The options of `sentinel run` that say where the desk is. */
export const deskOptions = (): readonly Option[] => [
  new Option(
    '--desk-port <number>',
    `the port of the desk on 127.0.0.1, 0 for any that is free (default: ${DEFAULT_DESK_PORT}, or one that is free where that is in use)`,
  ).argParser(wholeNumber(0, 65_535)),
  new Option(
    '--desk-host <address>',
    'where it listens, as 0.0.0.0 for other machines too: who comes in needs the address with a token that is printed (default: 127.0.0.1)',
  ),
  new Option(
    '--desk-url <address>',
    'where people reach it, for the links in notices, as https://desk.example.com (default: its address on this machine)',
  ).argParser(deskUrl),
  new Option('--no-desk', 'without the desk, the page and the API for whoever gets a notice'),
];

type Rule = readonly [isBroken: (options: DeskOptions) => boolean, message: string];

/** What the options of the desk ask of each other. */
export const DESK_RULES: readonly Rule[] = [
  [
    ({ desk, deskHost, deskPort, deskUrl }) =>
      desk === false && (deskHost ?? deskPort ?? deskUrl) !== undefined,
    '--no-desk leaves no desk: leave out --desk-host, --desk-port and --desk-url',
  ],
];

/** A desk that listens; it shows a pipeline once there is one. */
export type RunningDesk = Readonly<{
  server: DeskServer;
  /** Where people come in. */
  address: string;
  /** The address of the incident of a notice. */
  linkTo(notice: Notice): string | null;
  /** The port was any that is free: at the next start it is another one, and the links that were sent lead nowhere. */
  isForOneRun: boolean;
  show(desk: LocalDesk): void;
  close(): Promise<void>;
}>;

const BUNDLE_AFTER_MS = 1500;

const LIMIT = { perSecond: 200, atOnce: 64 } as const;

const versionOf = (): string =>
  v.parse(
    v.object({ version: v.string() }),
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
  ).version;

/** The same as long as the key is. */
const entranceToken = ({ mac }: ReturnType<typeof openLinkKey>): string =>
  Buffer.from(mac(Buffer.from('entrance')).subarray(0, 18)).toString('base64url');

/**
 * Begins to listen where a run has a desk: a recording that is read as fast as it goes has one only where it is asked
 * for. Where the broker takes any port that is free, so does the desk.
 */
export const openDesk = async (
  {
    desk: isWanted = true,
    deskHost = '127.0.0.1',
    deskPort,
    deskUrl,
    untilEnd,
  }: DeskOptions & Readonly<{ untilEnd?: boolean }>,
  mqttPort: number,
  { site, language }: NoticeOrigin,
  folder: DataFolder,
): Promise<RunningDesk | null> => {
  if (!isWanted || (untilEnd === true && deskPort === undefined)) return null;
  const port = deskPort ?? (mqttPort === 0 ? 0 : DEFAULT_DESK_PORT);
  const server = await openDeskServer({ host: deskHost, port, mayMove: deskPort === undefined });
  // What stands before the desk, and lets others in, hands on the name by which they came.
  const publicHost = deskUrl === undefined ? null : new URL(deskUrl).host;
  const links = openLinkKey(folder.linkKey);
  const door = server.isLoopback ? null : entrance(entranceToken(links));
  let page: Promise<PageFiles> | null = null;
  return {
    server,
    address: `${server.url}${door?.path ?? ''}`,
    isForOneRun: deskUrl === undefined && server.port !== port,
    linkTo: (notice) => {
      const payload = linkPayload(notice);
      if (payload === null) return null;
      return `${deskUrl ?? server.url}/i/${linkToken(payload, links.mac(payload))}`;
    },
    show: (desk) => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      // Put together when it is first asked for, or before, once the run has begun.
      const files = (): Promise<PageFiles> => {
        page ??= bundlePage();
        return page;
      };
      setTimeout(() => void files().catch(() => {}), BUNDLE_AFTER_MS).unref();
      const app = createDeskApp({
        ...desk,
        about: { version: versionOf(), site, language, timeZone },
        page: files,
        userOf: door?.userOf ?? (() => ANYBODY),
        links,
        addressOf: () => '',
        isKnownHost: (host) => server.isKnownHost(host) || host === publicHost,
        limit: LIMIT,
      });
      server.serve(door?.before(app.fetch) ?? app.fetch);
    },
    close: server.close,
  };
};

/** What to say of the desk before all else. */
export const deskLines = (desk: RunningDesk | null): readonly string[] => {
  if (desk === null) return [];
  const { busyPort } = desk.server;
  const notes = [
    ...(busyPort === null ? [] : [`port ${busyPort} is in use`]),
    ...(desk.isForOneRun ? ['links in notices lead here until this run ends'] : []),
  ];
  return [`desk          ${desk.address}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`];
};
