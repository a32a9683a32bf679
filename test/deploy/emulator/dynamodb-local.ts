import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbLocalJars } from './dynamodb-local-jars.ts';
import { freePort } from './free-port.ts';
import type { RunningServer } from './start-server.ts';

const MAIN = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
const START_WITHIN_MS = 300_000;
const KEPT_OUTPUT = 20_000;

/** DynamoDB Local, AWS's own, and a new client of it for each call. */
export type DynamoDbLocal = RunningServer & Readonly<{ endpoint: string; connect(): DynamoDBClient }>;

const answers = async (address: string): Promise<boolean> => {
  try {
    // To one who is not a client it says no, which it can only do once it is up.
    return (await fetch(address, { signal: AbortSignal.timeout(2000) })).status === 400;
  } catch {
    return false;
  }
};

/** Starts it, empty, on a free port of 127.0.0.1; rejects with what it printed if it does not come up. */
export const startDynamoDbLocal = async (): Promise<DynamoDbLocal> => {
  const jars = join(await dynamoDbLocalJars(), '*');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const child = spawn('java', ['-Xmx256m', '-cp', jars, MAIN, ...options], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const spawned = once(child, 'spawn');
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-KEPT_OUTPUT);
    });
  }
  await spawned;
  const ended = once(child, 'exit');
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    if (child.exitCode === null && child.signalCode === null) await ended;
  };
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`DynamoDB Local did not come up:\n${printed}`);
    }
    await sleep(100);
  }
  const connect = (): DynamoDBClient =>
    new DynamoDBClient({
      region: 'eu-central-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  return { output: () => printed, stop, endpoint, connect };
};
