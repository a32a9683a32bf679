import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { type LineOptions, withLine, withLineOptions } from './status/open-line.ts';
import { statusLines } from './status/status-lines.ts';
import { write } from './terminal/output.ts';

type Options = LineOptions & Readonly<{ watch?: boolean; json?: boolean }>;

const EVERY_MS = 2_000;
const CLEAR_SCREEN = '\u001B[H\u001B[2J';

/** `sentinel status`: what wants looking at on a line. */
export const statusCommand = (): Command =>
  withLineOptions(
    new Command('status').description(
      'what is open, not acknowledged, shelved, in maintenance, unwatched or silent; the oldest first',
    ),
  )
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .option('--json', 'as JSON, one line for each look')
    .action(({ watch = false, json = false, ...where }: Options) =>
      withLine(where, async (line) => {
        for (;;) {
          const status = await line.status();
          const text = json ? JSON.stringify(status) : statusLines(status).join('\n');
          write(`${watch && !json && process.stdout.isTTY ? CLEAR_SCREEN : ''}${text}\n`);
          if (!watch) return;
          await delay(EVERY_MS);
        }
      }),
    );
