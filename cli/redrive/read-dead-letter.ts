import { readAsyncRecord } from './read-async-record.ts';
import { readRuleError } from './read-rule-error.ts';
import { type Reading, unknown } from './reading.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads a letter of the dead-letter queue, sent at `sentAt` (ms since the epoch), of whichever of its two kinds. */
export const readDeadLetter = (text: string, stack: string, sentAt: number): Reading => {
  const value = parse(text);
  if (value === undefined) return unknown('is not JSON');
  return (
    readAsyncRecord(value, stack) ??
    readRuleError(value, stack, sentAt) ??
    unknown('is neither a failed call of a function nor a failed action of a rule')
  );
};
