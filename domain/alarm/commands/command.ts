import { type FoldContext, isInMaintenance, isOpen } from '../state/fold-context.ts';

/** What a person asks of the alarm, as it came: every field may be missing or wrong. Times are ms since the epoch. */
export type Command = Readonly<{
  type?: unknown;
  by?: unknown;
  reason?: unknown;
  until?: unknown;
  comment?: unknown;
  outcome?: unknown;
  mode?: unknown;
  at?: unknown;
  /** The incident that it was written for; null or empty where it is for whichever is the latest. */
  incident?: unknown;
  /** Whatever the person calls it, to find the answer by. */
  id?: unknown;
}>;

export const COMMAND_TYPES = ['ack', 'shelve', 'unshelve', 'maintenance', 'close'] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

/** What an incident turned out to be, by the person who closed it. */
export const OUTCOMES = ['fault', 'no-fault-found', 'sensor', 'planned-work'] as const;

type Field = 'by' | 'reason' | 'until' | 'outcome';

const NEEDS: Readonly<Record<CommandType, readonly Field[]>> = {
  ack: ['by'],
  shelve: ['by', 'reason', 'until'],
  unshelve: ['by'],
  maintenance: ['by', 'reason', 'until'],
  close: ['by', 'outcome'],
};

/** The most characters that are kept of what a person wrote: state and twin have to stay small. */
const MAX_CHARACTERS = 120;

export const boundedText = (text: string): string => text.slice(0, MAX_CHARACTERS);

/** The type of a command, or null where there is no such command. */
export const typeOf = (command: Command): CommandType | null =>
  COMMAND_TYPES.find((type) => type === command.type) ?? null;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isThere = (command: Command, field: Field): boolean =>
  field === 'until' ? Number.isFinite(command.until) : isText(command[field]);

/** What is wrong with a command whatever the cylinder is doing: the first field missing, or an outcome of no meaning. */
export const malformation = (command: Command, type: CommandType): string | null => {
  const missing = NEEDS[type].find((field) => !isThere(command, field));
  if (missing !== undefined) return `missing ${missing}`;
  if (type !== 'close') return null;
  if (!OUTCOMES.some((outcome) => outcome === command.outcome)) return 'outcome';
  return command.outcome === 'fault' && !isText(command.mode) ? 'missing mode' : null;
};

/** A well-formed command as the rules take it; times in ms. */
export type TakenCommand = Readonly<{ type: CommandType; at: number; until: number; incident: unknown }>;

const inapplicableTime = (context: FoldContext, { type, at, until }: TakenCommand): string | null => {
  const { state, now, rules } = context;
  const { maxShelveMs, maxMaintenanceMs } = rules.policy;
  switch (type) {
    case 'shelve':
      if (until - at > maxShelveMs) return 'too long';
      return until <= now ? 'past' : null;
    case 'maintenance':
      if (until - at > maxMaintenanceMs) return 'too long';
      return until <= now && !isInMaintenance(state, now) ? 'past' : null;
    default:
      return null;
  }
};

const inapplicableObject = (context: FoldContext, type: CommandType): string | null => {
  const { state, now } = context;
  switch (type) {
    case 'shelve':
      return isOpen(context) ? null : 'no incident';
    case 'unshelve':
      return state.shelf !== null && now < state.shelf.until ? null : 'no shelf';
    case 'ack':
    case 'close':
      return state.incident === null ? 'no incident' : null;
    case 'maintenance':
      return null;
  }
};

/** Whether a command names an incident other than the latest. */
const isForAnother = ({ state }: FoldContext, { incident }: TakenCommand): boolean =>
  incident !== undefined && incident !== null && incident !== '' && incident !== state.incident?.id;

/** Why a well-formed command cannot be carried out as things stand, or null where it can: the first reason that holds. */
export const inapplicability = (context: FoldContext, command: TakenCommand): string | null => {
  const time = inapplicableTime(context, command);
  if (time !== null) return time;
  return isForAnother(context, command) ? 'other incident' : inapplicableObject(context, command.type);
};
