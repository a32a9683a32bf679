/** A ledger that could not be read or written; `code` is what the service called it, if it said anything. */
export class LedgerError extends Error {
  override name = 'LedgerError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(cause instanceof Error ? `${message}: ${cause.name}: ${cause.message}` : message, { cause });
    this.code = code;
  }
}

/** What a service's failure is called, by its name. */
export const failureCode = (cause: unknown): string => (cause instanceof Error ? cause.name : 'Unknown');
