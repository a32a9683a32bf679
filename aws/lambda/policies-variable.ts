import * as v from 'valibot';
import { DEFAULT_BOOK, type PolicyBook, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The policy file's JSON in a variable; empty or absent is the default policy. */
export const policiesVariable = v.pipe(
  v.optional(v.string(), ''),
  v.rawTransform<string, PolicyBook>(({ dataset, addIssue, NEVER }) => {
    if (dataset.value.trim() === '') return DEFAULT_BOOK;
    const value = parseJson(dataset.value);
    if (value === undefined) {
      addIssue({ message: 'the policy is not JSON' });
      return NEVER;
    }
    const reading = readPolicyBook(value);
    if (reading.ok) return reading.book;
    addIssue({ message: reading.faults.map(({ field, message }) => `${field} ${message}`).join('; ') });
    return NEVER;
  }),
);
