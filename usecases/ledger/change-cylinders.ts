import type { CylinderInput } from '../../domain/alarm/fold-cylinder.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldRecord, policyFor, refreshTwin } from '../../domain/fold/fold-record.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { CylinderChange, Ledger, Versioned } from '../ports/ledger.ts';
import { saveUntilSettled } from './save-until-settled.ts';

export type LedgerPorts = Readonly<{ ledger: Ledger; policies: PolicyBook }>;

const lastOfEach = (incidents: readonly IncidentRecord[]): readonly IncidentRecord[] => [
  ...new Map(incidents.map((incident) => [incident.id, incident])).values(),
];

/** A message of which nothing was understood makes no cylinder known. */
const isEmpty = (input: CylinderInput): boolean => input.kind === 'samples' && input.samples.length === 0;

/** Whether a record is what it was: a tick that finds nothing to do is not saved. */
const isSame = (before: CylinderRecord, after: CylinderRecord): boolean =>
  before === after || JSON.stringify(before) === JSON.stringify(after);

/** Folds the inputs of one cylinder into a change of the ledger, or null where they change nothing. */
const changeOf = (
  name: string,
  before: Versioned<CylinderRecord> | undefined,
  inputs: readonly CylinderInput[],
  policies: PolicyBook,
): CylinderChange | null => {
  let record = before?.record ?? null;
  const policy = policyFor(policies, name, record);
  const notices: Notice[] = [];
  const transitions: AlarmOutput[] = [];
  const incidents: IncidentRecord[] = [];
  for (const input of inputs) {
    const fold = foldRecord(name, record, input, policy);
    record = fold.record;
    notices.push(...fold.notices);
    transitions.push(...fold.transitions);
    incidents.push(...fold.incidents);
  }
  const last = inputs.at(-1);
  if (record === null || last === undefined || (before === undefined && inputs.every(isEmpty))) return null;
  const refreshed = refreshTwin(record, last.receivedAt, policy);
  if (last.kind === 'tick' && before !== undefined && isSame(before.record, refreshed.record)) return null;
  return {
    kind: 'cylinder',
    name,
    expected: before?.version ?? 0,
    record: refreshed.record,
    notices,
    transitions,
    incidents: lastOfEach(incidents),
    twin: refreshed.twin,
  };
};

/**
 * Folds inputs into the records of the cylinders named, and saves each with all that goes out because of it. A cylinder
 * that somebody else saved meanwhile is read and folded again.
 */
export const changeCylinders = (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  inputsOf: (name: string, before: Versioned<CylinderRecord> | undefined) => readonly CylinderInput[],
): Promise<void> =>
  saveUntilSettled(ledger, names, async (left) => {
    const records = await ledger.cylinders(left);
    return left.flatMap(
      (name) => changeOf(name, records.get(name), inputsOf(name, records.get(name)), policies) ?? [],
    );
  });
