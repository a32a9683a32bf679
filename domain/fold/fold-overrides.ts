import type { PolicyBook } from '../alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../cylinder/cylinder-record.ts';

export type Overrides = CylinderRecord['overrides'];

/** Overrides as a shadow merges them: what is set stays until it is set anew or taken back with null. */
const merged = (before: NonNullable<Overrides>, added: NonNullable<Overrides>): Overrides => {
  const kept = Object.entries({ ...before, ...added }).filter(([, value]) => value !== null);
  return kept.length === 0 ? null : Object.fromEntries(kept);
};

/**
 * The record of a cylinder under other overrides of the policy (null takes all of them back). Overrides that do not make
 * a policy are refused, and those in force stay.
 */
export const foldOverrides = (
  cylinder: string,
  record: CylinderRecord,
  { overrides: added, receivedAt }: Readonly<{ overrides: Overrides; receivedAt: number }>,
  book: PolicyBook,
): CylinderRecord => {
  const overrides = added === null ? null : merged(record.overrides ?? {}, added);
  const reading = book.read(cylinder, overrides ?? {});
  if (reading.ok) return { ...record, overrides, refused: null };
  const words = reading.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
  return { ...record, refused: { type: 'policy', why: 'policy', words, id: null, at: receivedAt } };
};
