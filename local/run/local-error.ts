import { SentinelError } from '../../domain/sentinel-error.ts';

/** What the pipeline of one machine cannot go on without, in one line that says what to do and so needs no cause. */
export class LocalError extends SentinelError {
  override name = 'LocalError';

  constructor(code: string, message: string, cause?: unknown) {
    super(code, message);
    this.cause = cause;
  }
}

/** What one client asked and may not have: its connection ends, and nothing else does. */
export class ClientRefused extends LocalError {
  override name = 'ClientRefused';
}

/** What to do about a failure, by what its error says; the first pattern that fits counts. */
export type Advice = readonly [pattern: RegExp, code: string, advice: string | ((message: string) => string)];

/** An error of a store as one line that says what it concerns and what to do; the original is its cause. */
export const explainFailure = (what: string, cause: unknown, advices: readonly Advice[]): LocalError => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, code, advice] = advices.find(([pattern]) => pattern.test(message)) ?? [
    null,
    'Failed',
    `failed: ${message.split('\n', 1)[0]}`,
  ];
  return new LocalError(code, `${what} ${typeof advice === 'string' ? advice : advice(message)}.`, cause);
};
