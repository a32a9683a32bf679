import type { Policy } from '../alarm/policy/policy.ts';
import { digest } from '../digest.ts';
import { type Fields, isFields } from '../fields.ts';

/** What became of something that a person asked for in the desired state of a twin. */
export type CommandVerdict = Readonly<{
  /** The command, or `policy`. */
  kind: string;
  by: string | null;
  /** When it was given, ms. */
  at: number;
  /** The incident that it was for. */
  incident: string | null;
  /** What the person called it, if anything. */
  id: string | null;
  result: 'in-force' | 'refused' | 'ignored';
  /** Why it was refused or ignored; else what was said with it. */
  words: string | null;
  /** When it was answered, the last time where it came more than once, ms. */
  answeredAt: number;
  /** What was asked, by its digest: it tells whether the twin's desired state still asks for this. */
  asked: string;
}>;

/** What became of what was asked last, the newest first. */
type Verdicts = readonly CommandVerdict[];

/** As many as one desired document may ask for: each command and the policy. */
const MAX_KEPT = 6;

/** The fields that make a command; others mean nothing. */
const FIELDS = ['by', 'reason', 'until', 'comment', 'outcome', 'mode', 'incident', 'at', 'id'] as const;

const digestOf = (fields: Fields, names: readonly string[]): string =>
  `${names.join(',')}:${digest(names.map((name) => fields[name]))}`;

const isSaid = (value: unknown): boolean => value !== undefined && value !== null;

const saidIn = (command: Fields): readonly string[] => FIELDS.filter((name) => isSaid(command[name]));

/** The digest of what a command asks. */
const askedOf = (command: Fields): string => digestOf(command, saidIn(command));

/**
 * Whether what a shadow holds still asks for what was answered. An update of a shadow leaves fields as they were that it
 * does not name: these do not count, but for the id, by which a person tells one command from another.
 */
export const asksFor = (held: unknown, { asked }: Pick<CommandVerdict, 'asked'>): boolean => {
  // What is no object lacks every field.
  const fields = isFields(held) ? held : {};
  const names = asked.slice(0, asked.indexOf(':')).split(',').filter(Boolean);
  if (names.length === 0) return saidIn(fields).length === 0;
  return digestOf(fields, names) === asked && (names.includes('id') || !isSaid(fields.id));
};

const textOf = (value: unknown, atMost: number): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, atMost) : null;

/** A few of these stand in a twin, which has to stay small: fewer characters than elsewhere. */
const BY_CHARACTERS = 40;
const ID_CHARACTERS = 64;
const WORDS_CHARACTERS = 120;
/** The longest name of a cylinder, and a time. */
const INCIDENT_CHARACTERS = 144;

type Outcome = Pick<CommandVerdict, 'result'> & Readonly<{ words?: string; incident: string | null }>;

/** The verdict on a command that came at `receivedAt`, ms. */
export const verdictOn = (
  command: Fields,
  receivedAt: number,
  { result, words, incident }: Outcome,
): CommandVerdict => {
  const { type, by, at, id, comment, reason, mode, outcome } = command;
  const said = [comment, reason, mode, outcome].map((text) => textOf(text, WORDS_CHARACTERS));
  return {
    kind: String(type).slice(0, ID_CHARACTERS),
    by: textOf(by, BY_CHARACTERS),
    at: Number.isFinite(at) ? Math.min(Number(at), receivedAt) : receivedAt,
    incident: textOf(command.incident, INCIDENT_CHARACTERS) ?? incident,
    id: textOf(id, ID_CHARACTERS),
    result,
    words: textOf(words, WORDS_CHARACTERS) ?? said.find((text) => text !== null) ?? null,
    answeredAt: receivedAt,
    asked: askedOf(command),
  };
};

/** The verdict on overrides of the policy. */
export const policyVerdict = (
  overrides: unknown,
  receivedAt: number,
  refusal: string | null,
): CommandVerdict => ({
  kind: 'policy',
  by: null,
  at: receivedAt,
  incident: null,
  id: null,
  result: refusal === null ? 'in-force' : 'refused',
  words: textOf(refusal, WORDS_CHARACTERS),
  answeredAt: receivedAt,
  asked: `=:${digest(overrides)}`,
});

/** The verdicts with another one, the newest first, as many as are kept. The policy stays desired: said once more, it is none. */
export const withVerdict = (verdicts: Verdicts, verdict: CommandVerdict): Verdicts => {
  const same = verdicts.find(({ kind }) => kind === verdict.kind);
  if (verdict.kind === 'policy' && same?.asked === verdict.asked && same.result === verdict.result)
    return verdicts;
  return [verdict, ...verdicts].slice(0, MAX_KEPT);
};

/** Where among the verdicts is that on the same command: with an id or a time, or this very delivery; -1 if nowhere. */
export const verdictIndex = (verdicts: Verdicts, command: Fields, receivedAt: number): number => {
  const asked = askedOf(command);
  const isNamed = isSaid(command.id) || isSaid(command.at);
  return verdicts.findIndex(
    (verdict) =>
      verdict.kind === command.type &&
      verdict.asked === asked &&
      (isNamed || verdict.answeredAt >= receivedAt),
  );
};

/** The verdicts where one of them was asked for once more. */
export const answeredAgain = (verdicts: Verdicts, index: number, receivedAt: number): Verdicts =>
  verdicts.map((verdict, one) =>
    one === index ? { ...verdict, answeredAt: Math.max(receivedAt, verdict.answeredAt) } : verdict,
  );

const WORDS: Readonly<Record<string, string>> = {
  unknown: 'there is no such command: use ack, shelve, unshelve, maintenance or close',
  outcome: 'the outcome must be fault, no-fault-found, sensor or planned-work',
  'missing mode': 'a fault needs its mode: what failed',
  older: 'a newer command of this kind has already been given',
  past: 'the time it is to last until has already passed',
  'other incident': 'it was written for another incident than the latest: look at what is now, and ask again',
  'no incident': 'there is no incident to speak of',
  'no shelf': 'nothing is shelved',
  policy: 'the overrides do not make a policy',
};

type Limits = Pick<Policy, 'maxShelveMs' | 'maxMaintenanceMs'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const lengthText = (ms: number): string =>
  ms < HOUR_MS ? `${Number((ms / MINUTE_MS).toFixed(2))} min` : `${Number((ms / HOUR_MS).toFixed(2))} h`;

/** The reason for the refusal of a command of this type under this policy, in plain words. */
export const refusalWords = (why: string, type: string, limits: Limits): string => {
  if (why === 'too long') {
    const field = type === 'maintenance' ? 'maxMaintenanceMs' : 'maxShelveMs';
    return `that is longer than the policy allows: at most ${lengthText(limits[field])} (${field})`;
  }
  // Maintenance in force can be ended by a time that has passed.
  if (why === 'past' && type === 'maintenance')
    return 'there is no maintenance to end, and the time it is to last until has already passed';
  if (why.startsWith('missing ') && why !== 'missing mode')
    return `the field ${why.slice('missing '.length)} is missing`;
  return WORDS[why] ?? why;
};
