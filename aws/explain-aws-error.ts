import { AwsError, failureCode } from './aws-error.ts';

const CALLERS_OWN = new Set(['no-credentials', 'bad-credentials', 'no-region', 'denied']);

/** Whether whoever asked may not, or could not say who they are: no repetition helps. */
export const isRefusedToCaller = ({ code }: AwsError): boolean => CALLERS_OWN.has(code);

/** An error whose message says it all: what it came of is in its words already. */
export class ExplainedError extends AwsError {
  override name = 'ExplainedError';

  constructor(code: AwsError['code'], words: string, cause: unknown) {
    super(code, words);
    this.cause = cause;
  }
}

/** An error of the SDK, or of an adapter that it made fail, in one line for the person at the keyboard: what could not be done, and what to do about it. */
export const explainAwsError = (doing: string, error: unknown): AwsError => {
  const cause = error instanceof AwsError ? (error.cause ?? error) : error;
  const code = failureCode(cause);
  const say = (words: string): AwsError => new ExplainedError(code, `${doing}: ${words}`, cause);
  if (!(cause instanceof Error)) return say(String(cause));
  const { name, message } = cause;
  switch (code) {
    case 'no-credentials':
      return say(`no AWS credentials (${message}); run aws configure or aws sso login, or set AWS_PROFILE`);
    case 'no-region':
      return say('no AWS region; name it with --region or AWS_REGION');
    case 'bad-credentials':
      return say(`AWS does not take these credentials (${name}); sign in again`);
    case 'denied':
      return say(`access denied: ${message}`);
    case 'unreachable':
      return say(`nobody answers (${message}); is the region right, and the network there?`);
    default:
      return say(`${name}: ${message}`);
  }
};

/** For `catch`: throws the error explained. */
export const explained =
  (doing: string) =>
  (cause: unknown): never => {
    throw explainAwsError(doing, cause);
  };
