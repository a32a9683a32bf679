import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

type Options = Readonly<{ script: string; args: readonly string[]; afterLines: number; thenMs: number }>;

/**
 * Runs a script that prints a line for each thing it was promised, and kills it with SIGKILL some ms after so many
 * lines; resolves with the lines it got out. Rejects with what the script had to say if it ended by itself.
 */
export const runUntilKilled = async ({
  script,
  args,
  afterLines,
  thenMs,
}: Options): Promise<readonly string[]> => {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const errors: string[] = [];
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_, signal) => resolve(signal));
  });
  child.stderr.on('data', (data) => errors.push(String(data)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length === afterLines) setTimeout(() => child.kill('SIGKILL'), thenMs);
  });
  if ((await ended) !== 'SIGKILL') throw new Error(`${script} ended by itself: ${errors.join('')}`);
  return lines;
};
