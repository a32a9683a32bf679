import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldInputs, type RecordInput } from '../../domain/fold/fold-inputs.ts';
import type { CylinderChange, LedgerPorts, Versioned } from '../ports/ledger.ts';
import { saveUntilSettled } from './save-until-settled.ts';

/** A message of which nothing was understood makes no cylinder known. */
const isEmpty = (input: RecordInput): boolean => input.kind === 'samples' && input.samples.length === 0;

const isSame = (before: CylinderRecord, after: CylinderRecord): boolean =>
  before === after || JSON.stringify(before) === JSON.stringify(after);

/** Folds the inputs of one cylinder into a change of the ledger, or null where they change nothing. */
const changeOf = (
  name: string,
  before: Versioned<CylinderRecord> | undefined,
  inputs: readonly RecordInput[],
  policies: PolicyBook,
): CylinderChange | null => {
  if (before === undefined && inputs.every(isEmpty)) return null;
  const fold = foldInputs(name, before?.record ?? null, inputs, policies);
  if (fold === null) return null;
  // Samples always change something; comparing what they made would cost more than to save it.
  const isNews =
    before === undefined ||
    inputs.some(({ kind }) => kind === 'samples') ||
    fold.transitions.length + fold.notices.length > 0;
  if (!isNews && isSame(before.record, fold.record)) return null;
  return { kind: 'cylinder', name, expected: before?.version ?? 0, ...fold };
};

/**
 * Folds inputs into the records of the cylinders named, and saves each with all that goes out because of it. A cylinder
 * that somebody else saved meanwhile is read and folded again.
 */
export const changeCylinders = (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  inputsOf: (name: string, before: Versioned<CylinderRecord> | undefined) => readonly RecordInput[],
): Promise<void> =>
  saveUntilSettled(ledger, names, async (left) => {
    const records = await ledger.cylinders(left);
    return left.flatMap(
      (name) => changeOf(name, records.get(name), inputsOf(name, records.get(name)), policies) ?? [],
    );
  });
