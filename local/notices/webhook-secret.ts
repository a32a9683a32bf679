import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { LocalError } from '../run/local-error.ts';

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
  if (existsSync(ownPath)) return read(ownPath);
  writeFileSync(ownPath, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  onMade(ownPath);
  return read(ownPath);
};
