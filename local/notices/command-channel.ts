import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { oneLine } from '../../notification/line-text.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import type { Channel, DeliveryOutcome, NoticeOrigin } from './channel.ts';

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
