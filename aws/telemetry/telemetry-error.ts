/** A telemetry store that could not be written; `code` is what the service called it, if it said anything. */
export class TelemetryError extends Error {
  override name = 'TelemetryError';
  readonly code: string;

  constructor(message: string, cause?: unknown) {
    const code = cause instanceof Error ? cause.name : 'Incomplete';
    super(cause instanceof Error ? `${message}: ${code}: ${cause.message}` : message, { cause });
    this.code = code;
  }
}
