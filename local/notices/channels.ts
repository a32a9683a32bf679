import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { oneLine } from '../../notification/line-text.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import type { Channel, DeliveryOutcome, NoticeOrigin } from './channel.ts';

export type WebhookOptions = Readonly<{ url: string; secret: string }>;

type WebhookChannelOptions = WebhookOptions &
  Readonly<{ origin: NoticeOrigin; now: () => number; timeoutMs?: number }>;

const ANSWER_WITHIN_MS = 30_000;
/** A server may ask for more patience, but is not believed more: people wait. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Of those that say that the request is wrong, these say that another time is better. */
const WORTH_RETRYING: ReadonlySet<number> = new Set([408, 429]);

/** The value of `Sentinel-Signature`: HMAC-SHA256 over the time in seconds, a full stop and the body. */
const signatureOf = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** How long `Retry-After` asks to wait, ms: seconds or a date (RFC 9110, 10.2.3); null where it says neither. */
export const retryAfterMs = (value: string | null, now: number): number | null => {
  if (value === null) return null;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : null;
};

const causeOf = (error: unknown, timeoutMs: number): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
};

/**
 * Tells a notice by a signed POST. 2xx means told, and 4xx refused for good, unless it asks for another time; all else
 * is tried again. A redirection is not followed, since it would become a GET: it is a failure that says where it leads.
 */
export const createWebhookChannel = ({
  url,
  secret,
  origin: from,
  now,
  timeoutMs = ANSWER_WITHIN_MS,
}: WebhookChannelOptions): Channel => {
  // The path may hold a secret, as with chats: it stands in no log.
  const { origin } = new URL(url);

  const outcomeOf = ({ status, headers }: Response): DeliveryOutcome => {
    if (status >= 200 && status < 300) return { kind: 'told' };
    if (status >= 400 && status < 500 && !WORTH_RETRYING.has(status))
      return { kind: 'refused', reason: `HTTP ${status} from ${origin}` };
    const target = headers.get('location');
    const leads = status < 400 && target !== null ? `, which leads to ${URL.parse(target, url)?.origin}` : '';
    const waitMs = retryAfterMs(headers.get('retry-after'), now());
    const reason = `HTTP ${status} from ${origin}${leads}`;
    return waitMs === null ? { kind: 'failed', reason } : { kind: 'failed', reason, retryAfterMs: waitMs };
  };

  return {
    name: 'webhook',
    title: '--notify-webhook',
    deliver: async (notice, signal) => {
      const body = JSON.stringify(noticeRecord(notice, from));
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': notice.output.id,
            'sentinel-signature': signatureOf(secret, Math.floor(now() / 1000), body),
            'user-agent': 'cylinder-sentinel',
          },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        await response.body?.cancel().catch(() => undefined);
        return outcomeOf(response);
      } catch (error) {
        return { kind: 'failed', reason: `${origin}: ${causeOf(error, timeoutMs)}` };
      }
    },
  };
};

/** How a command ended; `said` is the last of what it wrote to standard error. */
export type CommandEnd = Readonly<{
  kind: 'exit' | 'timeout' | 'stopped' | 'not started';
  code: number | null;
  said: string;
}>;

type CommandRun = Readonly<{ command: string; input: string; timeoutMs: number; signal: AbortSignal }>;

/** What a command's own children, which may hold its standard error, are waited for after it has ended. */
const DRAIN_MS = 200;
/** Between the wish that it ends and its end. */
const TERM_MS = 500;
const MAX_SAID = 300;

// What a run writes is for its owner alone; what a command writes is the command's own affair, as it was before.
const RIGHTS = process.platform === 'win32' ? '' : `umask ${process.umask().toString(8)}\n`;

const signalGroup = (child: ChildProcess, name: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // Nothing of it is left.
  }
};

const environment = (): NodeJS.ProcessEnv => {
  const { SENTINEL_WEBHOOK_SECRET: _, ...others } = process.env;
  return others;
};

/** Runs a line of shell in a process group of its own, with `input` on its standard input; its output goes nowhere. */
export const runCommand = async ({ command, input, timeoutMs, signal }: CommandRun): Promise<CommandEnd> => {
  if (signal.aborted) return { kind: 'stopped', code: null, said: '' };
  const child = spawn(`${RIGHTS}${command}`, {
    shell: true,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: environment(),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-MAX_SAID);
  });
  // A command that does not read its input closes it, and may be content all the same.
  child.stdin.on('error', () => undefined).end(input);

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('error', ({ message }) => resolve({ kind: 'not started', code: null, said: message }));
    child.once('exit', (code) => resolve({ kind: 'exit', code, said: '' }));
  });
  const cut = new AbortController();
  const limit = AbortSignal.any([signal, cut.signal]);
  const outOfTime = delay(timeoutMs, undefined, { signal: limit })
    .catch(() => undefined)
    .then((): CommandEnd => ({ kind: signal.aborted ? 'stopped' : 'timeout', code: null, said: '' }));
  const end = await Promise.race([ended, outOfTime]);
  cut.abort();
  if (end.kind === 'timeout' || end.kind === 'stopped') {
    signalGroup(child, 'SIGTERM');
    await Promise.race([closed, delay(TERM_MS)]);
    signalGroup(child, 'SIGKILL');
  } else if (end.kind === 'exit') await Promise.race([closed, delay(DRAIN_MS)]);
  child.stderr.destroy();
  child.stdin.destroy();
  return end.kind === 'exit' ? { ...end, said: said.trim() } : end;
};

type Options = Readonly<{ command: string; origin: NoticeOrigin; timeoutMs?: number }>;

const TIMEOUT_MS = 30_000;

const outcomeOf = ({ kind, code, said }: CommandEnd, timeoutMs: number): DeliveryOutcome => {
  if (kind === 'exit' && code === 0) return { kind: 'told' };
  if (kind === 'stopped') return { kind: 'failed', reason: 'it was stopped with the program' };
  if (kind === 'timeout') return { kind: 'failed', reason: `it did not end within ${timeoutMs / 1000} s` };
  const what =
    kind === 'not started' ? 'it could not be started' : code === null ? 'it was killed' : `exit ${code}`;
  return { kind: 'failed', reason: said === '' ? what : `${what}, ${oneLine(said)}` };
};

/**
 * Tells a notice by a line of shell as the user wrote it. The notice is on its standard input as JSON and nowhere else:
 * nothing of it can become shell. Exit 0 means told.
 */
export const createCommandChannel = ({ command, origin, timeoutMs = TIMEOUT_MS }: Options): Channel => ({
  name: 'command',
  title: '--notify-command',
  deliver: async (notice, signal) =>
    outcomeOf(
      await runCommand({
        command,
        input: `${JSON.stringify(noticeRecord(notice, origin))}\n`,
        timeoutMs,
        signal,
      }),
      timeoutMs,
    ),
});
