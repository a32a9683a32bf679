import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian puts it where only root looks. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };

/** Why mosquitto cannot be used, or false: as `skip` of a test. */
export const noMosquitto: string | false =
  spawnSync('mosquitto', ['-h'], { env }).error === undefined
    ? false
    : 'mosquitto is not installed (apt-get install mosquitto)';

/** A real mosquitto on a free port of 127.0.0.1 that holds back nothing from slow subscribers; `more` is for its listener. */
export const startMosquitto = async (
  folder: string,
  more: readonly string[] = [],
): Promise<AsyncDisposable & Readonly<{ port: number }>> => {
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...more,
    'allow_anonymous true',
    'max_queued_messages 0',
    'persistence false',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore', env });
  await listening(child, port);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
};

const listening = async (child: ChildProcess, port: number): Promise<void> => {
  while (child.exitCode === null) {
    const socket = dial(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen === true) return;
    await sleep(20);
  }
  throw new Error(`mosquitto ended with ${child.exitCode} before it listened`);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};
