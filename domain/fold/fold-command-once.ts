import type { Command } from '../alarm/commands/command.ts';
import type { PolicyBook } from '../alarm/policy/policy-book.ts';
import { faultsText } from '../alarm/policy/read-policy.ts';
import type { AlarmOutput } from '../alarm/state/output.ts';
import {
  answeredAgain,
  type CommandVerdict,
  policyVerdict,
  verdictIndex,
  verdictOn,
  withVerdict,
} from '../cylinder/command-verdict.ts';
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
  const words = faultsText(reading.faults);
  return { ...record, refused: { type: 'policy', why: 'policy', words, id: null, at: receivedAt } };
};

type Folded = Readonly<{ record: CylinderRecord; transitions: readonly AlarmOutput[] }>;

type CommandInput = Readonly<{ kind: 'command'; receivedAt: number; command: Command }>;

const IGNORED = 'a command of this kind and time was given before';

const verdictAfter = (
  before: CylinderRecord | null,
  { record, transitions }: Folded,
  { command, receivedAt }: CommandInput,
): CommandVerdict => {
  const incident = command.type === 'maintenance' ? null : (record.alarm.incident?.id ?? null);
  if (transitions.some(({ kind }) => kind === 'refused'))
    return verdictOn(command, receivedAt, {
      result: 'refused',
      words: record.refused?.words ?? '',
      incident,
    });
  return record.alarm.commandAt === before?.alarm.commandAt
    ? verdictOn(command, receivedAt, { result: 'ignored', words: IGNORED, incident })
    : verdictOn(command, receivedAt, { result: 'in-force', incident });
};

const noted = (record: CylinderRecord, verdict: CommandVerdict): CylinderRecord => {
  const lastCommands = withVerdict(record.lastCommands, verdict);
  return lastCommands === record.lastCommands ? record : { ...record, lastCommands };
};

/**
 * Folds a command by `fold` and notes what became of it. One that was answered before is folded as given when it was given first,
 * so that it is not carried out again, and what was said of it then stays.
 */
export const foldCommandOnce = <T extends Folded>(
  before: CylinderRecord | null,
  input: CommandInput,
  fold: (input: CommandInput) => T,
): T => {
  const { command, receivedAt } = input;
  const index = before === null ? -1 : verdictIndex(before.lastCommands, command, receivedAt);
  const first = before?.lastCommands[index];
  if (before === null || first === undefined) {
    const folded = fold(input);
    return { ...folded, record: noted(folded.record, verdictAfter(before, folded, input)) };
  }
  const folded = fold({ ...input, command: { ...command, at: first.at } });
  const lastCommands = answeredAgain(before.lastCommands, index, receivedAt);
  const { refused, commands } = before;
  return { ...folded, record: { ...folded.record, refused, commands, lastCommands } };
};

/** The record with what became of overrides of the policy, where they changed it or were refused. */
export const noteOverrides = (
  before: CylinderRecord | null,
  record: CylinderRecord,
  { overrides, receivedAt }: Readonly<{ overrides: Overrides; receivedAt: number }>,
): CylinderRecord => {
  const refused = record.refused === before?.refused ? null : record.refused;
  const isSame = JSON.stringify(record.overrides) === JSON.stringify(before?.overrides);
  return refused === null && isSame
    ? record
    : noted(record, policyVerdict(overrides, receivedAt, refused?.words ?? null));
};
