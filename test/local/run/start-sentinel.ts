import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const SCRIPT = join(import.meta.dirname, '../../../cli/sentinel.ts');

/** How a process ended, with all that it wrote. */
export type Ended = Readonly<{
  code: number | null;
  signal: NodeJS.Signals | null;
  lines: readonly string[];
  errors: string;
}>;

export type Sentinel = Readonly<{
  child: ChildProcess;
  /** The port of its broker, or null where it ended before it had one. */
  port: Promise<number | null>;
  ended: Promise<Ended>;
  [Symbol.dispose](): void;
}>;

type Options = Readonly<{
  onLine?: (line: string) => void;
  /** What comes before the program on the command line, as a shell that sets limits. */
  through?: readonly string[];
}>;

/** Starts `sentinel` with arguments, as a person would; disposing kills it. */
export const startSentinel = (
  args: readonly string[],
  { onLine = () => undefined, through = [] }: Options = {},
): Sentinel => {
  const [command = process.execPath, ...rest] = [...through, process.execPath, SCRIPT, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    onLine(line);
  });
  const errors = text(child.stderr);
  const found = Promise.withResolvers<number | null>();
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
    const port = /mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port !== undefined) found.resolve(Number(port));
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', async (code, signal) => {
      found.resolve(null);
      resolve({ code, signal, lines, errors: await errors });
    });
  });
  return { child, port: found.promise, ended, [Symbol.dispose]: () => void child.kill('SIGKILL') };
};
