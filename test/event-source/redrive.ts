import type { AsyncSource } from './async-source.ts';
import type { Parked } from './dead-letter-queue.ts';
import type { FailedBatch } from './failed-batch.ts';
import type { FunctionName, FunctionRuntime } from './function-runtime.ts';
import type { StreamSource } from './stream-source.ts';

type Sources = Readonly<{
  streams: Readonly<Partial<Record<FunctionName, StreamSource>>>;
  direct: Readonly<Partial<Record<FunctionName, AsyncSource>>>;
  run: FunctionRuntime;
  /** What functions parked by themselves. */
  parked: readonly Parked[];
}>;

type DeadLetter = Readonly<{ name: FunctionName; from: object; payload: unknown }>;

const eventIn = ({ document }: FailedBatch): unknown => JSON.parse(document.payload);

/** As `sentinel redrive` marks it: whoever gives a batch back hears of what fails in it. */
const redriven = (payload: unknown): unknown =>
  Array.isArray(Object(payload).Records) ? { ...Object(payload), redriven: true } : payload;

const isRefusal = (answer: unknown): boolean => {
  const failures: unknown = Object(answer).batchItemFailures;
  return Array.isArray(failures) && failures.length > 0;
};

/**
 * Gives back the dead letters since the last time, each payload to the function that it was for, and says how many there
 * were. What fails again stays one, as it does where a person puts it back.
 */
export const redriving = ({ streams, direct, run, parked }: Sources) => {
  const done = new Set<object>();
  const deadLettersOf = (name: FunctionName): readonly DeadLetter[] => [
    ...(streams[name]?.failed() ?? []).map((from) => ({ name, from, payload: eventIn(from) })),
    ...(direct[name]?.dead() ?? []).map((from) => ({ name, from, payload: from.requestPayload })),
    ...parked.flatMap((from) => (from.name === name ? [{ name, from, payload: from.payload }] : [])),
  ];
  return async (names: readonly FunctionName[]): Promise<number> => {
    const letters = names.flatMap(deadLettersOf).filter(({ from }) => !done.has(from));
    for (const { name, from, payload } of letters) {
      const isBack = await run(name, redriven(payload)).then(
        (answer) => !isRefusal(answer),
        () => false,
      );
      if (isBack) done.add(from);
    }
    return letters.length;
  };
};
