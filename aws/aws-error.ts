import { SentinelError } from '../domain/sentinel-error.ts';

/**
 * Why a service did not do what it was asked, as far as that changes what to do about it. `retry` and `unreachable` may
 * pass by themselves, `throttled` will with patience; `poison` would fail however often it were tried; the others need
 * a person: what is `absent` has to be made or named otherwise, rights, credentials or the region have to be mended.
 */
export type FailureCode =
  | 'no-credentials'
  | 'bad-credentials'
  | 'no-region'
  | 'denied'
  | 'absent'
  | 'throttled'
  | 'unreachable'
  | 'poison'
  | 'retry';

const NAMES: readonly (readonly [form: RegExp, code: FailureCode])[] = [
  [/^(CredentialsProviderError|TokenProviderError)$/, 'no-credentials'],
  [
    /^(Expired|InvalidClientToken|UnrecognizedClient|TokenRefreshRequired|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId)/,
    'bad-credentials',
  ],
  [/^(AccessDenied|Unauthorized|Authorization|Forbidden|NotAuthorized)/, 'denied'],
  [
    /^(Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|LimitExceeded|ProvisionedThroughput)/,
    'throttled',
  ],
  [
    /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError|AbortError)$/,
    'unreachable',
  ],
  [/^(ResourceNotFound|NoSuch)/, 'absent'],
  [
    /^(Validation|Serialization|RequestEntityTooLarge|ItemCollectionSizeLimit|InvalidParameter|InvalidArgument|InvalidRequest)/,
    'poison',
  ],
];

const STATUSES: ReadonlyMap<unknown, FailureCode> = new Map([
  [401, 'denied'],
  [403, 'denied'],
  [429, 'throttled'],
]);

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const codeOf = (name: string): FailureCode | undefined => NAMES.find(([form]) => form.test(name))?.[1];

/** Tells failures of the SDK's clients, and of the network below them, apart. */
export const failureCode = (cause: unknown): FailureCode => {
  if (!(cause instanceof Error)) return 'retry';
  if (cause.message === 'Region is missing') return 'no-region';
  return (
    codeOf(cause.name) ??
    codeOf(String(field(cause, 'code') ?? '')) ??
    STATUSES.get(field(field(cause, '$metadata'), 'httpStatusCode')) ??
    'retry'
  );
};

/**
 * Whether something would fail however often it were tried: what says so is the first error with a code. So does a stored
 * record that is damaged (`UnreadableRecord`); one of a newer program waits for that one to be deployed again.
 */
export const isPoison = (error: unknown): boolean => {
  const code = field(error, 'code');
  if (typeof code === 'string') return code === 'poison' || code === 'UnreadableRecord';
  return error instanceof Error && error.cause !== undefined && isPoison(error.cause);
};

/** The root of what the adapters of AWS throw: `code` says whether to try again, `cause` is the service's own error. */
export class AwsError extends SentinelError {
  override name = 'AwsError';
  override readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(code, message, cause);
    this.code = code;
  }
}

/** For `catch`: throws an error of a kind that tells what was being done, with the code of what it came of. */
export const failed =
  (Kind: new (code: FailureCode, message: string, cause: unknown) => AwsError, doing: string) =>
  (cause: unknown): never => {
    throw new Kind(failureCode(cause), doing, cause);
  };

/** A ledger that could not be read or written. */
export class LedgerError extends AwsError {
  override name = 'LedgerError';
}

/** A telemetry store that could not be written. */
export class TelemetryError extends AwsError {
  override name = 'TelemetryError';
}

/** A shadow that could not be read or written. */
export class ShadowError extends AwsError {
  override name = 'ShadowError';
}

/** A quarantine that did not keep what it was given. */
export class QuarantineError extends AwsError {
  override name = 'QuarantineError';
}

/** A notice that could not be published. */
export class NotifierError extends AwsError {
  override name = 'NotifierError';
}

/** An event that is not what a function is woken for. */
export class EventError extends AwsError {
  override name = 'EventError';
}

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
