/** Something the person at the keyboard can put right; its message says what and how. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
