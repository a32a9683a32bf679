import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { isSame } from '../../domain/fields.ts';
import { type BatchFold, foldInputs, type RecordInput } from '../../domain/fold/fold-inputs.ts';
import { CANARY } from '../../domain/message/topic.ts';
import type { CylinderChange, Freshness, LedgerPorts, Versioned } from '../ports/ledger.ts';
import { courseEvents } from './course-events.ts';
import { saveUntilSettled } from './save-until-settled.ts';

/** A message of which nothing was understood makes no cylinder known. */
const isEmpty = (input: RecordInput): boolean => input.kind === 'samples' && input.samples.length === 0;

/** All of a record but for what a delivery once more always changes: how often samples came late, and when it was seen to. */
const lasting = ({ alarm, twinAt, twinKey, dueAt, ...rest }: CylinderRecord) => {
  const { judging } = alarm;
  const uncounted = { ...judging, unjudged: { ...judging.unjudged, late: 0 } };
  return { ...rest, alarm: { ...alarm, judging: uncounted, lateSamples: 0 } };
};

/** Whether a message came no later than the last one that was folded, as one does that is delivered once more. */
const isRepeated = (input: RecordInput, { alarm }: CylinderRecord): boolean =>
  input.kind === 'samples' && input.receivedAt <= (alarm.liveness?.lastHeardAt ?? Number.NEGATIVE_INFINITY);

/** Whether a fold says anything that the ledger does not hold already: what only repeats it is not saved again. */
const isNews = (before: CylinderRecord, fold: BatchFold, inputs: readonly RecordInput[]): boolean => {
  if (fold.transitions.length + fold.notices.length > 0) return true;
  const samples = inputs.filter(({ kind }) => kind === 'samples');
  if (samples.length === 0) return !isSame(before, fold.record);
  // Samples that were not folded before always change something; comparing what they made would cost more than to save it.
  return (
    !samples.every((input) => isRepeated(input, before)) || !isSame(lasting(before), lasting(fold.record))
  );
};

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
  if (before !== undefined && !isNews(before.record, fold, inputs)) return null;
  const course = courseEvents(name, before?.record ?? null, fold.record, fold.transitions);
  const change: CylinderChange = { kind: 'cylinder', name, expected: before?.version ?? 0, ...fold, course };
  // Of the canary only what is on the way to its notice: a round every few minutes would fill the ledger for good.
  return name === CANARY ? { ...change, twin: null, incidents: [], rollups: [], course: [] } : change;
};

/**
 * Folds inputs into the records of the cylinders named, and saves each with all that goes out because of it. A cylinder
 * that somebody else saved meanwhile is read and folded again. `first` is how they are read before that: as they were a
 * moment ago does where an older record that says nothing is to be done says so of all later ones too.
 */
export const changeCylinders = (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  inputsOf: (name: string, before: Versioned<CylinderRecord> | undefined) => readonly RecordInput[],
  first: Freshness = 'latest',
): Promise<void> =>
  saveUntilSettled(ledger, names, async (left, freshness) => {
    const records = await ledger.cylinders(left, first === 'latest' ? first : freshness);
    return left.flatMap(
      (name) => changeOf(name, records.get(name), inputsOf(name, records.get(name)), policies) ?? [],
    );
  });
