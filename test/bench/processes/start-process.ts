import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** A process of the bench's own, of which it asks things by name. */
export type BenchProcess = Readonly<{
  /** Rejects when the process ends instead of answering. */
  ask<T>(schema: v.GenericSchema<unknown, T>, name: string, about?: unknown): Promise<T>;
  /** Aborts, with what the process said last as its reason, when the process has ended. */
  ended: AbortSignal;
  end(): Promise<void>;
}>;

const reply = v.object({ id: v.number(), answer: v.optional(v.unknown()) });

type Start = Readonly<{
  /** Relative to this folder. */
  script: string;
  args?: readonly string[];
  execArgv?: readonly string[];
}>;

const MAX_LINES = 6;

/** Starts a script as a process that nothing else shares, so that what it uses can be told apart. */
export const startProcess = ({ script, args = [], execArgv = [] }: Start): BenchProcess => {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  const ended = new AbortController();
  let asked = 0;
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  child.on('message', (message) => {
    const { id, answer } = v.parse(reply, message);
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const exited = once(child, 'exit').then(() => {
    ended.abort(new Error(`${script} ended: ${said.trim().split('\n').slice(0, MAX_LINES).join(' ')}`));
  });

  return {
    ask: async (schema, name, about) => {
      asked += 1;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(asked, resolve);
      const giveUp = (): void => reject(ended.signal.reason);
      if (ended.signal.aborted) giveUp();
      ended.signal.addEventListener('abort', giveUp);
      if (child.connected) child.send({ id: asked, ask: name, about });
      return v.parse(schema, await promise);
    },
    ended: ended.signal,
    end: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
};
