import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import type { NoticeOrigin } from '../../local/notices/channel.ts';
import type { NoticeChannels } from '../../local/notices/create-notices.ts';
import { type DataFolder, makeSecret } from '../../local/run/data-folder.ts';
import { LocalError } from '../../local/run/local-error.ts';
import { LANGUAGES, type Language } from '../../notification/locales/languages.ts';
import type { Reader } from '../../notification/time-text.ts';
import { say } from '../terminal/output.ts';

type Options = Readonly<{
  /** The file that the user named. */
  file: string | undefined;
  /** What the environment holds. */
  fromEnvironment: string | undefined;
  /** Where one is made when nobody gave any. */
  ownPath: string;
  /** Says that one was made. */
  onMade: (path: string) => void;
}>;

const read = (path: string): string => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError('NoSecret', `the webhook's secret cannot be read: ${reason}`, cause);
  }
  if (text === '')
    throw new LocalError('NoSecret', `the webhook's secret in ${path} is empty: put one there`);
  return text;
};

/** The secret by which webhooks are signed. Throws one line that says what to do where a given one cannot be had. */
export const webhookSecret = ({ file, fromEnvironment, ownPath, onMade }: Options): string => {
  if (file !== undefined) return read(file);
  const given = fromEnvironment?.trim() ?? '';
  if (given !== '') return given;
  if (makeSecret(ownPath)) onMade(ownPath);
  return read(ownPath);
};

/** Whom a run tells, how and in which words; what is absent was not asked for. */
export type NoticeOptions = Readonly<{
  notifyCommand?: string;
  notifyWebhook?: string;
  notifyWebhookSecretFile?: string;
  site?: string;
  language?: Language;
}>;

const SECRET_VARIABLE = 'SENTINEL_WEBHOOK_SECRET';
const DEFAULT_SITE = 'local';
const MAX_SITE_LENGTH = 100;

const command = (text: string): string => {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Write a command for the shell.');
};

const webhookUrl = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidArgumentError('Write an address that begins with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    throw new InvalidArgumentError('Leave out user and password: requests are signed.');
  return url.href;
};

/** A level of a topic that also reads well in a notice. */
const siteName = (text: string): string => {
  if (/^[^/+#\p{C}\p{Zl}\p{Zp}]+$/u.test(text) && text.trim() === text && text.length <= MAX_SITE_LENGTH)
    return text;
  throw new InvalidArgumentError(
    `Write a name without / + # and controls, at most ${MAX_SITE_LENGTH} characters.`,
  );
};

/** The options of `sentinel run` that say how people are told. */
export const noticeOptions = (): readonly Option[] => [
  new Option(
    '--notify-command <command>',
    'a line of shell that is run for each notice, with the notice as JSON on its standard input; exit 0 means told',
  ).argParser(command),
  new Option('--notify-webhook <url>', 'an address to which each notice is POSTed as signed JSON').argParser(
    webhookUrl,
  ),
  new Option(
    '--notify-webhook-secret-file <file>',
    `the secret that signs it (default: ${SECRET_VARIABLE}, or one made in the data folder)`,
  ),
  new Option(
    '--site <name>',
    `where this is, in notices and their topic (default: ${DEFAULT_SITE})`,
  ).argParser(siteName),
  new Option('--language <language>', 'the language of notices on the console').choices([...LANGUAGES]),
];

/** What notices say of where they come from, and in which words. */
export const originOf = ({ site = DEFAULT_SITE, language = 'en' }: NoticeOptions): NoticeOrigin => ({
  site,
  language,
});

/** Who reads them on this machine. */
export const readerOf = ({ language, linkTo }: Omit<NoticeOrigin, 'site'>): Reader => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  language,
  linkTo,
});

/** The channels that were asked for. Throws one line that says what to do where the secret cannot be had. */
export const channelsFor = (
  options: NoticeOptions,
  origin: NoticeOrigin,
  folder: DataFolder,
): NoticeChannels => {
  const { notifyCommand, notifyWebhook, notifyWebhookSecretFile } = options;
  const secret = (): string =>
    webhookSecret({
      file: notifyWebhookSecretFile,
      fromEnvironment: process.env[SECRET_VARIABLE],
      ownPath: folder.webhookSecret,
      onMade: (path) => say(`webhook       signed with a secret that was made for it: ${path}`),
    });
  return {
    origin,
    ...(notifyCommand === undefined ? {} : { command: notifyCommand }),
    ...(notifyWebhook === undefined ? {} : { webhook: { url: notifyWebhook, secret: secret() } }),
  };
};
