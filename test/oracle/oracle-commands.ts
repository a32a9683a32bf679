import { beginAfresh } from './oracle-condition.ts';
import { reconcile } from './oracle-notices.ts';
import { takePeriod } from './oracle-period.ts';
import { isEmptyingQueue } from './oracle-slots.ts';
import { type Cylinder, cylinderOf, openIncident, type Stream } from './oracle-state.ts';

/** A command as it is written in a line; what is missing is for the rules to say. */
export type OracleCommand = Readonly<Record<string, unknown>>;

const NEEDS = new Map<unknown, readonly string[]>([
  ['ack', ['by']],
  ['shelve', ['by', 'reason', 'until']],
  ['unshelve', ['by']],
  ['maintenance', ['by', 'reason', 'until']],
  ['close', ['by', 'outcome']],
]);
const OUTCOMES: readonly unknown[] = ['fault', 'no-fault-found', 'sensor', 'planned-work'];

/** A command that is well-formed, with `at` as it is taken. */
interface Taken {
  readonly type: string;
  readonly until: number;
  readonly at: number;
  /** The incident that it names, if any. */
  readonly incident: unknown;
}

/** Section "Commands": a command is refused, ignored as the same once more, or comes into force. */
export const takeCommand = (stream: Stream, name: string, command: OracleCommand, now: number): void => {
  const cylinder = cylinderOf(stream, name);
  takePeriod(stream, cylinder, now);
  const refuse = (why: string): void => {
    stream.out.push({ kind: 'refused', cylinder: name, type: String(command.type ?? ''), why, at: now });
  };
  const malformed = whyMalformed(command);
  if (malformed !== null) {
    refuse(malformed);
    return;
  }
  const at = typeof command.at === 'number' ? Math.min(command.at, now) : now;
  const type = String(command.type);
  const kind = type === 'unshelve' ? 'shelve' : type;
  const newest = cylinder.newest.get(kind) ?? Number.NEGATIVE_INFINITY;
  if (at === newest) return;
  if (at < newest) {
    refuse('older');
    return;
  }
  cylinder.newest.set(kind, at);
  const taken = { type, until: Number(command.until), at, incident: command.incident };
  const why = whyImpossible(stream, cylinder, taken, now);
  if (why !== null) {
    refuse(why);
    return;
  }
  enforce(stream, cylinder, taken, now);
  if (!isEmptyingQueue(stream, cylinder, now)) reconcile(stream, cylinder, now);
};

/** replay.md, `refused`: `unknown` to `missing mode`. */
const whyMalformed = (command: OracleCommand): string | null => {
  const needs = NEEDS.get(command.type);
  if (needs === undefined) return 'unknown';
  const missing = needs.find((field) => command[field] === undefined);
  if (missing !== undefined) return `missing ${missing}`;
  if (command.type !== 'close') return null;
  if (!OUTCOMES.includes(command.outcome)) return 'outcome';
  return command.outcome === 'fault' && command.mode === undefined ? 'missing mode' : null;
};

/** replay.md, `refused`: `too long` to `no shelf`, the first that holds. */
const whyImpossible = (stream: Stream, cylinder: Cylinder, taken: Taken, now: number): string | null => {
  const { type, until, at, incident } = taken;
  const { maxShelveMs, maxMaintenanceMs } = stream.policy;
  const latest = cylinder.incidents.at(-1);
  const isMaintained = now < cylinder.maintenanceUntil;
  if (type === 'shelve' && until - at > maxShelveMs) return 'too long';
  if (type === 'maintenance' && until - at > maxMaintenanceMs) return 'too long';
  if (type === 'shelve' && until <= now) return 'past';
  if (type === 'maintenance' && until <= now && !isMaintained) return 'past';
  const isNamed = incident !== undefined && incident !== null && incident !== '';
  if (isNamed && incident !== latest?.id) return 'other incident';
  if (type === 'shelve' && openIncident(cylinder) === undefined) return 'no incident';
  if ((type === 'ack' || type === 'close') && latest === undefined) return 'no incident';
  const isShelved = cylinder.shelf !== null && now < cylinder.shelf.until;
  return type === 'unshelve' && !isShelved ? 'no shelf' : null;
};

/** Section "Commands", the column "effect". */
const enforce = (stream: Stream, cylinder: Cylinder, { type, until }: Taken, now: number): void => {
  const latest = cylinder.incidents.at(-1);
  if (type === 'shelve') cylinder.shelf = { until };
  if (type === 'unshelve') cylinder.shelf = null;
  if (type === 'ack' && latest !== undefined) latest.acknowledged = true;
  if (type === 'close' && latest !== undefined) {
    latest.acknowledged = true;
    latest.closed = true;
    if (latest.over) cylinder.shelf = null;
  }
  if (type === 'maintenance') {
    cylinder.maintenanceUntil = Math.max(until, now);
    cylinder.marks.push('maintenance');
    beginAfresh(stream, cylinder, 'maintenance', now);
  }
};
