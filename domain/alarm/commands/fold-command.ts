import { interrupt } from '../condition/incident.ts';
import { forgetUnjudged } from '../liveness/judging.ts';
import { reconcileNotices } from '../notices/reconcile-notices.ts';
import { type FoldContext, isOpen } from '../state/fold-context.ts';
import { emptyOut } from '../state/slot-window.ts';
import type { Incident } from '../state/state.ts';
import {
  boundedText,
  type Command,
  type CommandType,
  inapplicability,
  malformation,
  typeOf,
} from './command.ts';

/** Shelving and unshelving are one kind: the newer of them stands. */
const kindOf = (type: CommandType): string => (type === 'unshelve' ? 'shelve' : type);

const textOr = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? boundedText(value) : null;

/**
 * From now to `until` nothing counts: the window is emptied and whatever was open is over for good. An `until` that is
 * not after now ends the maintenance in force now, never earlier: what starts before now was in maintenance.
 */
const maintain = (context: FoldContext, by: string, reason: string, until: number): void => {
  const { state, now } = context;
  state.maintenance = { until: Math.max(until, now), by, reason };
  emptyOut(state.window);
  forgetUnjudged(context);
  interrupt(context, 'maintenance');
};

const close = (incident: Incident, by: string, command: Command): Incident => ({
  ...incident,
  final: true,
  acknowledgedBy: by,
  closing: {
    by,
    outcome: String(command.outcome),
    mode: textOr(command.mode),
    comment: textOr(command.comment),
  },
});

const execute = (context: FoldContext, type: CommandType, command: Command): void => {
  const { state } = context;
  const { incident } = state;
  const by = boundedText(String(command.by));
  const reason = boundedText(String(command.reason));
  const until = Number(command.until);
  switch (type) {
    case 'shelve':
      state.shelf = { until, by, reason };
      break;
    case 'unshelve':
      state.shelf = null;
      break;
    case 'maintenance':
      maintain(context, by, reason, until);
      break;
    case 'ack':
      if (incident !== null)
        state.incident = { ...incident, acknowledgedBy: by, comment: textOr(command.comment) };
      break;
    case 'close':
      if (incident !== null) state.incident = close(incident, by, command);
      // A closed incident that is not open is over for good, and so is its shelf.
      if (!isOpen(context)) state.shelf = null;
      break;
  }
};

/**
 * Carries out what a person asked for, or refuses it with the first reason that holds. The same command once more is
 * ignored, and one that is older than the newest of its kind is refused, whether that one was carried out or not.
 */
export const foldCommand = (context: FoldContext, command: Command): void => {
  const { state, now } = context;
  const refuse = (why: string): void => {
    context.outputs.push({
      kind: 'refused',
      cylinder: context.cylinder,
      type: String(command.type ?? ''),
      why,
      at: now,
    });
  };
  const type = typeOf(command);
  const fault = type === null ? 'unknown' : malformation(command, type);
  if (type === null || fault !== null) {
    refuse(fault ?? 'unknown');
    return;
  }
  // The clock of a phone may be ahead: a command is as old as its receipt at most, and blocks nobody else's.
  const at = Number.isFinite(command.at) ? Math.min(Number(command.at), now) : now;
  const kind = kindOf(type);
  const newest = state.commandAt[kind];
  if (newest !== undefined && at <= newest) {
    if (at < newest) refuse('older');
    return;
  }
  state.commandAt = { ...state.commandAt, [kind]: at };
  const why = inapplicability(context, {
    type,
    at,
    until: Number(command.until),
    incident: command.incident,
  });
  if (why !== null) {
    refuse(why);
    return;
  }
  execute(context, type, command);
  reconcileNotices(context);
};
