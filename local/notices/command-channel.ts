import { oneLine } from '../../notification/line-text.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import type { Channel, DeliveryOutcome, NoticeOrigin } from './channel.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

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
