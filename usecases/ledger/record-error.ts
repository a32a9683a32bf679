import { SentinelError } from '../../domain/sentinel-error.ts';

/** A stored record that cannot be used; the message names it and says what to do. */
export class RecordError extends SentinelError {
  override name = 'RecordError';

  constructor(code: 'NewerRecord' | 'UnreadableRecord', message: string, cause?: unknown) {
    super(code, message, cause);
  }
}
