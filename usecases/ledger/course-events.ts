import * as v from 'valibot';
import type { CommandType } from '../../domain/alarm/commands/command.ts';
import {
  type AlarmOutput,
  incidentId,
  isOpenCondition,
  type NoticeOutput,
} from '../../domain/alarm/state/output.ts';
import type { CommandVerdict } from '../../domain/cylinder/command-verdict.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import {
  COURSE_KINDS,
  type CourseEntry,
  type CourseEvent,
  maintenanceOf,
} from '../../domain/incident/incident-record.ts';
import type { SentNotice } from '../ports/notification-log.ts';
import { createRecordCodec, schemaOf } from './record-codec.ts';

const COMMANDS: Readonly<Record<CommandType, CourseEvent['kind']>> = {
  ack: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  maintenance: 'maintenance',
  close: 'closed',
};

const entry = (
  incident: string,
  kind: CourseEvent['kind'],
  at: number,
  text: string | null = null,
): CourseEntry => ({
  incident,
  event: { kind, at, by: null, text, channel: null },
});

const ofTransition = (output: AlarmOutput): CourseEntry | null => {
  if (output.kind === 'severity')
    return output.incident === incidentId(output.cylinder, output.t)
      ? null
      : entry(output.incident, 'escalated', output.t, output.severity);
  if (output.kind !== 'condition' || output.incident === null) return null;
  const { from, to, incident, cylinder, t, cause } = output;
  if (isOpenCondition(from) === isOpenCondition(to)) return null;
  if (!isOpenCondition(to)) return entry(incident, 'cleared', t, cause ?? null);
  return entry(incident, incident === incidentId(cylinder, t) ? 'raised' : 'reopened', t);
};

const ofVerdict = ({ kind, incident, by, answeredAt, result, words }: CommandVerdict): CourseEntry | null => {
  const done = Object.entries(COMMANDS).find(([type]) => type === kind)?.[1];
  if (incident === null || done === undefined || result === 'ignored') return null;
  const event = {
    kind: result === 'refused' ? 'refused' : done,
    at: answeredAt,
    by,
    text: words,
    channel: null,
  } as const;
  return { incident, event };
};

const isSameCommand = (one: CommandVerdict, other: CommandVerdict): boolean =>
  one.kind === other.kind && one.asked === other.asked && one.at === other.at;

const ofMaintenance = (
  cylinder: string,
  before: CylinderRecord | null,
  { alarm: { maintenance, commandAt } }: CylinderRecord,
): CourseEntry | null => {
  const known = before?.alarm.maintenance ?? null;
  if (maintenance === null || (known?.until === maintenance.until && known.by === maintenance.by))
    return null;
  const at = commandAt.maintenance ?? maintenance.until;
  const { incident, event } = entry(maintenanceOf(cylinder), 'maintenance', at, String(maintenance.until));
  return { incident, event: { ...event, by: maintenance.by } };
};

/** What happened to incidents of a cylinder in one change of its record, the earliest first, and its maintenance. */
export const courseEvents = (
  cylinder: string,
  before: CylinderRecord | null,
  record: CylinderRecord,
  transitions: readonly AlarmOutput[],
): readonly CourseEntry[] => {
  const answered =
    record.lastCommands === before?.lastCommands
      ? []
      : record.lastCommands
          .filter((verdict) => before?.lastCommands.some((known) => isSameCommand(known, verdict)) !== true)
          .toReversed();
  const steps = [...transitions.map(ofTransition), ...answered.map(ofVerdict)];
  return [...steps, ofMaintenance(cylinder, before, record)].filter((one) => one !== null);
};

/** A notice, and when it was sent through a channel, ms; null while it waits. */
export const sentNotice = (output: NoticeOutput, channel: string, sentAt: number | null): SentNotice => ({
  id: output.id,
  type: output.type,
  cylinder: 'cylinder' in output ? output.cylinder : null,
  gateway: 'gateway' in output ? output.gateway : null,
  incident: 'incident' in output ? output.incident : null,
  at: output.at,
  channel: sentAt === null ? null : channel,
  sentAt,
  error: null,
});

/** Who was notified of an incident, as a step of its course: by the clock of the pipeline, which may be ahead of that on the wall. */
export const notifiedEvent = ({ type, at, sentAt, channel, error }: SentNotice): CourseEvent => ({
  kind: 'notified',
  at: Math.max(at, sentAt ?? at),
  by: null,
  text: error === null ? type : `${type}: ${error}`,
  channel,
});

const maybeText = v.nullable(v.string());

/** What happened to an incident. */
export const courseCodec = createRecordCodec({
  what: 'step of an incident',
  schema: schemaOf<CourseEvent>()(
    v.object({
      kind: v.picklist(COURSE_KINDS),
      at: v.number(),
      by: maybeText,
      text: maybeText,
      channel: maybeText,
    }),
  ),
  steps: [(fields) => fields],
});
