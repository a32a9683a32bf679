import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of its own process, up and healthy. */
export type RunningServer = Readonly<{
  /** The end of what it has printed, for a message about a failure. */
  output(): string;
  stop(): Promise<void>;
}>;

type Start = Readonly<{
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** An address that answers 200 once the server can be used. */
  health: string;
  startWithinMs?: number;
}>;

const KEPT_OUTPUT = 20_000;

/** Ends the server, and the functions that it runs, once our end of the pipe closes: however this process ends. */
const UNTIL_STDIN_CLOSES = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -TERM 0; } &
wait $server`;

const answers = async (address: string): Promise<boolean> => {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
};

/** Starts a server as a process group and waits until it answers; rejects with what it printed if it does not. */
export const startServer = async ({
  command,
  args,
  env,
  health,
  startWithinMs = 300_000,
}: Start): Promise<RunningServer> => {
  const child = spawn('sh', ['-c', UNTIL_STDIN_CLOSES, 'sh', command, ...args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-KEPT_OUTPUT);
    });
  }
  await once(child, 'spawn');
  // All of the group hold these streams open, so that all of it is gone when they close.
  const gone = once(child, 'close');

  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // Nobody is left in the group.
    }
  };

  const stop = async (): Promise<void> => {
    signal('SIGTERM');
    const patience = new AbortController();
    const killed = sleep(5000, undefined, { signal: patience.signal }).then(
      () => signal('SIGKILL'),
      () => undefined,
    );
    await gone;
    patience.abort();
    await killed;
  };

  const deadline = Date.now() + startWithinMs;
  while (!(await answers(health))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${command} did not come up:\n${printed}`);
    }
    await sleep(100);
  }
  return { output: () => printed, stop };
};
