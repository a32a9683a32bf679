import type { ServerResponse } from 'node:http';
import { forward } from './forward.ts';
import { type Front, startFront } from './start-front.ts';

/** A call of a service, as its client sends it. */
export type Call = Readonly<{ operation: string; body: string }>;

/** Calls that wait: each was made by somebody who is in the middle of work. */
export type Held = Readonly<{
  /** How many came so far. */
  calls(): number;
  /** How many of them have a caller that still waits. */
  waiting(): number;
  /** Lets all of them go on, and holds no more. Those whose caller has died are dropped. */
  letGo(): void;
}>;

export type Noted = Readonly<{ calls(): readonly Call[]; stop(): void }>;

/**
 * Stands before a service and passes all calls on, but for those that it was told to hold: `before` the service gets to
 * know of them, or `after` it has done what they ask, so that only the answer is missing.
 */
export type Gate = Front &
  Readonly<{
    hold(when: 'before' | 'after', concerns: (call: Call) => boolean): Held;
    /** Notes all calls from now on. */
    note(): Noted;
  }>;

type Hold = Readonly<{
  when: 'before' | 'after';
  concerns: (call: Call) => boolean;
  wait: (outgoing: ServerResponse) => Promise<void>;
}>;

/** The service may move, and need not be there yet. */
export const startGate = async (endpoint: () => string): Promise<Gate> => {
  const holds = new Set<Hold>();
  const notes = new Set<Call[]>();
  const front = await startFront(async (incoming, body, outgoing) => {
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const call = { operation, body: body.toString('utf8') };
    for (const calls of notes) calls.push(call);
    const hold = [...holds].find(({ concerns }) => concerns(call));
    if (hold?.when === 'before') await hold.wait(outgoing);
    if (outgoing.destroyed) return;
    const answer = await forward(endpoint(), incoming, body);
    if (hold?.when === 'after') await hold.wait(outgoing);
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return {
    ...front,
    note() {
      const calls: Call[] = [];
      notes.add(calls);
      return { calls: () => calls, stop: () => notes.delete(calls) };
    },
    hold(when, concerns) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let calls = 0;
      let waiting = 0;
      const wait = (outgoing: ServerResponse): Promise<void> => {
        calls += 1;
        waiting += 1;
        outgoing.once('close', () => {
          waiting -= 1;
        });
        return promise;
      };
      const hold = { when, concerns, wait };
      holds.add(hold);
      return {
        calls: () => calls,
        waiting: () => waiting,
        letGo: () => {
          holds.delete(hold);
          resolve();
        },
      };
    },
  };
};
