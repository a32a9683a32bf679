import * as v from 'valibot';
import { COMMAND_TYPES } from '../../domain/alarm/commands/command.ts';
import { COURSE_KINDS, type IncidentRecord } from '../../domain/incident/incident-record.ts';
import { ADVICES } from '../../domain/notice/notice.ts';
import { schemaOf } from '../../usecases/ledger/record-codec.ts';

/** All that the API answers. Times are ms since the epoch; null where it is not known or there is no such thing. */

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What a schema of an answer describes. */
export type Sent<S extends v.GenericSchema> = DeepReadonly<v.InferOutput<S>>;

const time = v.number();
const text = v.string();
const maybeTime = v.nullable(time);
const maybeText = v.nullable(text);
const maybeNumber = v.nullable(v.number());
const fields = v.record(v.string(), v.unknown());

export const fleetRow = v.object({
  cylinder: text,
  gateway: maybeText,
  condition: v.picklist(['NORMAL', 'SUSPECT', 'ACTIVE', 'CLEARING']),
  /** Of an open incident. */
  severity: maybeText,
  /** Since when: the incident, or what keeps it from being watched. */
  since: maybeTime,
  incident: maybeText,
  acknowledgedBy: maybeText,
  quality: v.picklist(['good', 'partial', 'thin', 'unwatched', 'stale', 'offline']),
  suppression: v.nullable(
    v.object({ kind: v.picklist(['shelved', 'maintenance']), until: time, by: text, reason: text }),
  ),
  health: maybeNumber,
  lastSeen: maybeTime,
  probability: maybeNumber,
});
export type FleetRow = Sent<typeof fleetRow>;

export const incidentRow = schemaOf<IncidentRecord>()(
  v.object({
    id: text,
    cylinder: text,
    gateway: maybeText,
    beganAt: time,
    raisedAt: time,
    lastAbnormalAt: maybeTime,
    clearedAt: maybeTime,
    endedBy: v.nullable(v.picklist(['clearing', 'maintenance', 'policy'])),
    severity: text,
    reopenings: v.number(),
    acknowledgedBy: maybeText,
    closedBy: maybeText,
    outcome: maybeText,
    mode: maybeText,
    comment: maybeText,
    toldAt: maybeTime,
    acknowledgedAt: maybeTime,
    closedAt: maybeTime,
    advice: maybeText,
    why: v.nullable(v.array(v.number())),
    model: maybeText,
    policy: maybeText,
  }),
);

export const fleetAnswer = v.object({
  now: time,
  site: text,
  /** The worst first. */
  rows: v.array(fleetRow),
  gateways: v.array(v.object({ name: text, offlineSince: maybeTime, lastHeardAt: maybeTime })),
});

export const cylinderAnswer = v.object({
  now: time,
  twin: fields,
  /** In the order of the model's features; `low` and `high` are what is usual, `why` the contribution to the log-odds. */
  sensors: v.array(
    v.object({
      sensor: text,
      unit: text,
      value: maybeNumber,
      low: maybeNumber,
      high: maybeNumber,
      why: maybeNumber,
    }),
  ),
  /** What to look at first, by its key. */
  check: v.nullable(v.picklist(ADVICES)),
  row: fleetRow,
  incidents: v.array(incidentRow),
});

const range = v.nullable(v.object({ min: v.number(), mean: v.number(), max: v.number() }));

export const historyAnswer = v.object({
  from: time,
  to: time,
  /** The length of a roll-up, ms. */
  step: v.number(),
  rollups: v.array(
    v.object({
      t: time,
      samples: v.number(),
      abnormal: v.number(),
      probability: range,
      sensors: v.record(v.string(), range),
    }),
  ),
  incidents: v.array(incidentRow),
  maintenance: v.array(v.object({ from: time, to: time })),
  threshold: maybeNumber,
});

export const samplesAnswer = v.object({
  /** Each with its six sensors by their names. */
  samples: v.array(v.objectWithRest({ t: time, probability: v.number() }, maybeNumber)),
});

export const policyAnswer = v.object({ policy: fields, overrides: v.nullable(fields) });

export const incidentsAnswer = v.object({
  now: time,
  incidents: v.array(incidentRow),
  /** What `after` takes for those that follow; null at the end. */
  next: maybeText,
});

export const courseStep = v.object({
  kind: v.picklist(COURSE_KINDS),
  at: time,
  by: maybeText,
  text: maybeText,
  channel: maybeText,
});

export const incidentAnswer = v.object({
  now: time,
  incident: incidentRow,
  course: v.array(courseStep),
  facts: v.nullable(fields),
  row: v.nullable(fleetRow),
  /** The commands that would be taken now. */
  allowed: v.array(v.picklist(COMMAND_TYPES)),
  /** Until when the link holds, of an incident that was opened by one. */
  expires: v.optional(time),
  /** Where it is, for who comes by a link and is told nothing else. */
  plant: v.optional(v.object({ site: text, timeZone: maybeText })),
});

const kindOfQuarantine = v.object({
  topic: text,
  cylinder: maybeText,
  reason: text,
  messages: v.number(),
  firstAt: time,
  lastAt: time,
  client: maybeText,
  detail: text,
});

export const systemAnswer = v.object({
  now: time,
  version: text,
  site: text,
  language: text,
  timeZone: maybeText,
  /** What was saved and has yet to go out. */
  backlog: maybeNumber,
  quarantine: v.nullable(
    v.object({ messages: v.number(), dropped: v.number(), kinds: v.array(kindOfQuarantine) }),
  ),
  deadLetters: maybeNumber,
  /** Where to look for what is not known here: the name of an alarm, the address of a bucket. */
  elsewhere: v.optional(v.object({ backlog: text, quarantine: text })),
  channels: v.array(v.object({ name: text, pending: v.number(), lastError: maybeText })),
  user: v.nullable(v.object({ name: text, role: text, actions: v.array(text) })),
});

export const noticesAnswer = v.object({
  now: time,
  notices: v.array(
    v.object({
      id: text,
      type: text,
      cylinder: maybeText,
      gateway: maybeText,
      incident: maybeText,
      at: time,
      channel: maybeText,
      sentAt: maybeTime,
      error: maybeText,
    }),
  ),
});

export const commandAnswer = v.variant('result', [
  v.object({ result: v.literal('in-force') }),
  v.object({ result: v.literal('refused'), words: text }),
]);

export const errorAnswer = v.object({ error: v.object({ code: text, message: text }) });
