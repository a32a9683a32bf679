/**
 * The root of the errors that a caller may tell apart: `code` says of what kind it is, in words that do not change, and
 * `cause` what it came of. A message ends with what it came of, so that one line of a log says all.
 */
export class SentinelError extends Error {
  override name = 'SentinelError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(cause instanceof Error ? `${message}: ${cause.name}: ${cause.message}` : message, { cause });
    this.code = code;
  }
}
