import { UsageError } from '../terminal/usage-error.ts';

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const EXPIRED =
  /^(Expired|InvalidClientToken|UnrecognizedClient|TokenRefreshRequired|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId)/;

const NO_CREDENTIALS = /^(Credentials|Token)ProviderError$/;

const UNREACHABLE: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ENETUNREACH',
];

/** Whether whoever asked may not, or could not say who they are: no repetition helps. */
export const isRefusedToCaller = (error: unknown): boolean => {
  const name = error instanceof Error ? error.name : '';
  const status = field(field(error, '$metadata'), 'httpStatusCode');
  return (
    status === 401 ||
    status === 403 ||
    /^(AccessDenied|Forbidden|Unauthorized)/.test(name) ||
    NO_CREDENTIALS.test(name) ||
    EXPIRED.test(name) ||
    isWithoutRegion(error)
  );
};

const isWithoutRegion = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Region is missing';

/** An error of the SDK in one line for the person at the keyboard: what could not be done, and what to do about it. */
export const explainAwsError = (doing: string, cause: unknown): Error => {
  if (!(cause instanceof Error)) return new Error(`${doing}: ${String(cause)}`);
  const { name, message } = cause;
  if (NO_CREDENTIALS.test(name)) {
    return new UsageError(
      `${doing}: no AWS credentials (${message}); run aws configure or aws sso login, or set AWS_PROFILE`,
      {
        cause,
      },
    );
  }
  if (isWithoutRegion(cause)) {
    return new UsageError(`${doing}: no AWS region; name it with --region or AWS_REGION`, { cause });
  }
  if (EXPIRED.test(name)) {
    return new UsageError(`${doing}: AWS does not take these credentials (${name}); sign in again`, {
      cause,
    });
  }
  if (isRefusedToCaller(cause)) return new Error(`${doing}: access denied: ${message}`, { cause });
  if (UNREACHABLE.includes(field(cause, 'code'))) {
    return new Error(`${doing}: nobody answers (${message}); is the region right, and the network there?`, {
      cause,
    });
  }
  return new Error(`${doing}: ${name}: ${message}`, { cause });
};
