import type { SimulatedClock } from './simulated-clock.ts';
import type { Tape } from './tape.ts';

/** What Lambda sends on of a call that it gave up. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export type DeadLetter = Readonly<{
  version: '1.0';
  timestamp: string;
  requestContext: Readonly<{
    requestId: string;
    functionArn: string;
    condition: 'RetriesExhausted' | 'EventAgeExceeded';
    approximateInvokeCount: number;
  }>;
  requestPayload: unknown;
  responseContext: Readonly<{ statusCode: number; executedVersion: string; functionError: string }>;
  responsePayload: unknown;
}>;

export type AsyncSettings = Readonly<{
  functionName: string;
  maximumRetryAttempts: number;
  maximumEventAgeMs: number;
}>;

export type AsyncPorts = Readonly<{
  invoke(event: unknown): Promise<unknown>;
  clock: SimulatedClock;
  tape: Tape;
}>;

type Call = Readonly<{ id: number; payload: unknown; sentAt: number; invocations: number; retries: number }>;

export type AsyncSource = Readonly<{
  send(payload: unknown): void;
  isBusy(): boolean;
  /** Makes one of the calls that wait, whichever. */
  step(): Promise<void>;
  dead(): readonly DeadLetter[];
}>;

/** A minute before the first retry, two before the second. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_AFTER_MS = [60_000, 120_000] as const;

/** Asynchronous calls of a function: at least once each, in any order, retried a little, then sent on with their payload. */
export const asyncSource = (settings: AsyncSettings, { invoke, clock, tape }: AsyncPorts): AsyncSource => {
  const waiting: Call[] = [];
  const dead: DeadLetter[] = [];
  let sent = 0;

  const giveUp = (call: Call, condition: DeadLetter['requestContext']['condition'], why: string): void => {
    dead.push({
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: `00000000-0000-4000-8000-${String(call.id).padStart(12, '0')}`,
        functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${settings.functionName}:$LATEST`,
        condition,
        approximateInvokeCount: call.invocations,
      },
      requestPayload: call.payload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: why },
    });
  };

  const failedWith = (call: Call, error: unknown): void => {
    const { retries } = call;
    if (retries >= settings.maximumRetryAttempts) {
      giveUp(call, 'RetriesExhausted', String(error));
      return;
    }
    clock.advance(tape.happens(2) ? 0 : (RETRY_AFTER_MS[retries] ?? 0));
    waiting.push({ ...call, retries: retries + 1 });
  };

  return {
    send(payload) {
      sent += 1;
      waiting.push({ id: sent, payload, sentAt: clock.now(), invocations: 0, retries: 0 });
    },
    isBusy: () => waiting.length > 0,
    async step() {
      const [next] = waiting.splice(tape.choose(waiting.length), 1);
      if (next === undefined) return;
      if (clock.now() - next.sentAt > settings.maximumEventAgeMs)
        return giveUp(next, 'EventAgeExceeded', 'the event was too old');
      const call = { ...next, invocations: next.invocations + 1 };
      try {
        await invoke(call.payload);
      } catch (error) {
        return failedWith(call, error);
      }
      // The queue behind such calls is eventually consistent: one that was answered may come once more.
      if (tape.happens(8)) waiting.push(call);
    },
    dead: () => dead,
  };
};
