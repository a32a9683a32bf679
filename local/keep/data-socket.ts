import { chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { LocalError } from '../run/local-error.ts';

/** What is asked of a pipeline that runs, by its owner: the name of the question, and what goes with it. */
export type Asked = Readonly<{ ask: string; with: unknown }>;

/** Answers a question with values, one after the other; throws one line. A reader that goes away ends it, by the signal. */
export type Answers = Readonly<
  Record<string, (what: unknown, signal: AbortSignal) => AsyncIterable<unknown>>
>;

const asked = v.object({ ask: v.string(), with: v.unknown() });
const reply = v.variant('kind', [
  v.object({ kind: v.literal('value'), value: v.unknown() }),
  v.object({ kind: v.literal('failed'), code: v.string(), message: v.string() }),
  v.object({ kind: v.literal('end') }),
]);

/** The address of a socket has at most so many bytes, on Linux and macOS. */
const MAX_BYTES = 100;

const socketIn = (folder: string): string => {
  const path = join(folder, 'sentinel.sock');
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
};

const write = (socket: Socket, line: v.InferInput<typeof reply>): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(`${JSON.stringify(line)}\n`, (error) => (error ? reject(error) : resolve()));
  });

const answer = async (socket: Socket, answers: Answers): Promise<void> => {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  for await (const line of createInterface({ input: socket })) {
    try {
      const question = v.parse(asked, JSON.parse(line));
      const found = Object.hasOwn(answers, question.ask) ? answers[question.ask] : undefined;
      if (found === undefined)
        throw new LocalError('Unknown', `the pipeline that runs knows no ${question.ask}`);
      for await (const value of found(question.with, gone.signal))
        await write(socket, { kind: 'value', value });
      await write(socket, { kind: 'end' });
    } catch (error) {
      if (socket.destroyed) return;
      const message = error instanceof Error ? error.message : String(error);
      await write(socket, {
        kind: 'failed',
        code: error instanceof LocalError ? error.code : 'Failed',
        message,
      });
    }
  }
};

/**
 * Answers questions of the folder's owner on a socket in the folder, whose ledger this process has locked. Without one,
 * which is said, where the folder's path is too long for it.
 */
export const serveDataFolder = async (
  folder: string,
  answers: Answers,
  log: (line: string) => void,
): Promise<Readonly<{ close(): Promise<void> }>> => {
  const path = socketIn(folder);
  if (Buffer.byteLength(path) > MAX_BYTES) {
    log(
      `the path of the data folder is too long for a socket: sentinel backup and query need the pipeline stopped`,
    );
    return { close: () => Promise.resolve() };
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isSocket())
    throw new LocalError('NotASocket', `${path} is in the place of this program's socket: move it away.`);
  // One that is there was left by a kill.
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    answer(socket, answers).catch(() => undefined);
  });
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

/**
 * Asks the pipeline that runs on a data folder; its values come as it has them. Throws the one line that it answers, or
 * `NotRunning` where none runs there.
 */
export async function* askDataFolder(folder: string, question: Asked): AsyncGenerator<unknown, void> {
  const path = socketIn(folder);
  const notRunning = (cause?: unknown): LocalError =>
    new LocalError('NotRunning', `no pipeline runs on ${folder}`, cause);
  if (!existsSync(path) || Buffer.byteLength(path) > MAX_BYTES) throw notRunning();
  const socket = createConnection(path);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', (error) => reject(notRunning(error)));
    });
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.write(`${JSON.stringify(question)}\n`, () => resolve()));
    for await (const line of createInterface({ input: socket })) {
      const said = v.parse(reply, JSON.parse(line));
      if (said.kind === 'end') return;
      if (said.kind === 'failed') throw new LocalError(said.code, said.message);
      yield said.value;
    }
    throw new LocalError('Stopped', `the pipeline on ${folder} stopped before it had answered`);
  } finally {
    socket.destroy();
  }
}
