import * as v from 'valibot';
import { endByMaintenance } from './oracle-condition.ts';
import { isEmptyingQueue } from './oracle-slots.ts';
import { type Cylinder, cylinderOf, openIncident, type Stream } from './oracle-state.ts';
import { reconcile } from './oracle-telling.ts';

/** A command as it is written in a line; what is missing is for the rules to say. */
export const commandSchema = v.object({
  type: v.string(),
  by: v.optional(v.string()),
  reason: v.optional(v.string()),
  until: v.optional(v.number()),
  comment: v.optional(v.string()),
  outcome: v.optional(v.string()),
  mode: v.optional(v.string()),
  at: v.optional(v.number()),
});
type Command = v.InferOutput<typeof commandSchema>;

const NEEDS = new Map<string, readonly ('by' | 'reason' | 'until' | 'outcome')[]>([
  ['ack', ['by']],
  ['shelve', ['by', 'reason', 'until']],
  ['unshelve', ['by']],
  ['maintenance', ['by', 'reason', 'until']],
  ['close', ['by', 'outcome']],
]);
const OUTCOMES = ['fault', 'no-fault-found', 'sensor', 'planned-work'];

/** Section "Commands": a command is refused, ignored as the same once more, or comes into force. */
export const obey = (stream: Stream, name: string, command: Command, now: number): void => {
  const cylinder = cylinderOf(stream, name);
  const at = command.at ?? now;
  const kind = command.type === 'unshelve' ? 'shelve' : command.type;
  const newest = cylinder.newest.get(kind) ?? Number.NEGATIVE_INFINITY;
  const malformed = whyMalformed(command);
  if (malformed === null && at === newest) return;
  const why = malformed ?? (at < newest ? 'older' : whyImpossible(stream, cylinder, command, at, now));
  if (malformed === null && at > newest) cylinder.newest.set(kind, at);
  if (why !== null) {
    stream.out.push({ kind: 'refused', cylinder: name, type: command.type, why, at: now });
    return;
  }
  enforce(stream, cylinder, command, now);
  if (!isEmptyingQueue(stream, cylinder, now)) reconcile(stream, cylinder, now);
};

/** replay.md, `refused`: `unknown` to `missing mode`. */
const whyMalformed = (command: Command): string | null => {
  const needs = NEEDS.get(command.type);
  if (needs === undefined) return 'unknown';
  const missing = needs.find((field) => command[field] === undefined);
  if (missing !== undefined) return `missing ${missing}`;
  if (command.type !== 'close' || command.outcome === undefined) return null;
  if (!OUTCOMES.includes(command.outcome)) return 'outcome';
  return command.outcome === 'fault' && command.mode === undefined ? 'missing mode' : null;
};

/** replay.md, `refused`: `too long` to `no shelf`. */
const whyImpossible = (
  stream: Stream,
  cylinder: Cylinder,
  { type, until = 0 }: Command,
  at: number,
  now: number,
): string | null => {
  switch (type) {
    case 'shelve':
      if (until - at > stream.policy.maxShelveMs) return 'too long';
      if (until <= now) return 'past';
      return openIncident(cylinder) === undefined ? 'no incident' : null;
    case 'unshelve':
      return cylinder.shelf === null || now >= cylinder.shelf.until ? 'no shelf' : null;
    case 'maintenance':
      return until <= now && now >= cylinder.maintenanceUntil ? 'past' : null;
    default:
      return cylinder.incidents.length === 0 ? 'no incident' : null;
  }
};

/** Section "Commands", the column "effect". */
const enforce = (stream: Stream, cylinder: Cylinder, { type, until = 0 }: Command, now: number): void => {
  const latest = cylinder.incidents.at(-1);
  if (type === 'shelve') cylinder.shelf = { until };
  if (type === 'unshelve') cylinder.shelf = null;
  if (type === 'ack' && latest !== undefined) latest.acknowledged = true;
  if (type === 'close' && latest !== undefined) {
    latest.acknowledged = true;
    latest.closed = true;
  }
  if (type === 'maintenance') {
    cylinder.maintenanceUntil = until;
    cylinder.maintenances += 1;
    endByMaintenance(stream, cylinder, now);
  }
};
