/** A shadow that could not be read or written; `code` is what the service called it, or `Conflict` or `NoRoom`. */
export class ShadowError extends Error {
  override name = 'ShadowError';
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a call of the service came to nothing by. */
export const shadowFailure = (doing: string, cause: unknown): ShadowError => {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  return new ShadowError(`${doing}: ${name}: ${message}`, name, { cause });
};
