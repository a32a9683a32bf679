import * as v from 'valibot';
import { DRIFT_KINDS, UNWATCHED_CAUSES } from '../../../domain/alarm/state/output.ts';
import { type Fields, isFields } from '../../../domain/fields.ts';
import { LATEST_MS, SENSORS } from '../../../domain/message/sample.ts';
import { isName } from '../../../domain/message/topic.ts';
import { ADVICES, type Notice } from '../../../domain/notice/notice.ts';
import { createRecordCodec, schemaOf, type UpgradeStep } from '../record-codec.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LATEST_MS));
const name = v.custom<string>(isName, 'is no name');
const text = v.pipe(v.string(), v.nonEmpty());

const kind = v.literal('notice');
const silence = v.picklist(['OFFLINE', 'ONLINE']);
const flapping = v.exactOptional(v.literal(true));
const incidentNotice = v.picklist([
  'RAISED',
  'REOPENED',
  'FLAPPING',
  'ESCALATED',
  'SHELF_EXPIRED',
  'REMINDER',
  'RECOVERED',
]);

/** What is amiss with a sensor, or with the score. */
export const driftFinding = v.object({ what: v.string(), kind: v.picklist(DRIFT_KINDS) });

/** What the alarm says in a notice, its fields in the order in which they are printed. */
export const noticeOutput = v.variant('type', [
  v.object({
    kind,
    cylinder: name,
    id: text,
    type: incidentNotice,
    incident: text,
    severity: text,
    at: time,
  }),
  v.object({
    kind,
    cylinder: name,
    id: text,
    type: v.literal('OCCURRED'),
    incident: text,
    severity: text,
    incidents: v.array(text),
    count: v.pipe(v.number(), v.integer(), v.minValue(0)),
    at: time,
  }),
  v.object({ kind, cylinder: name, gateway: name, id: text, type: silence, flapping, at: time }),
  v.object({
    kind,
    cylinder: name,
    gateway: name,
    id: text,
    type: v.literal('UNWATCHED'),
    cause: v.picklist(UNWATCHED_CAUSES),
    at: time,
  }),
  v.object({ kind, cylinder: name, gateway: name, id: text, type: v.literal('WATCHED'), at: time }),
  v.object({
    kind,
    cylinder: name,
    gateway: name,
    id: text,
    type: v.picklist(['DRIFTED', 'SETTLED']),
    found: v.array(driftFinding),
    at: time,
  }),
  v.object({ kind, gateway: name, id: text, type: silence, flapping, at: time }),
]);

const deviation = v.object({
  sensor: v.picklist(SENSORS),
  value: v.number(),
  low: v.nullable(v.number()),
  high: v.nullable(v.number()),
  // Without a finite number it was beyond any measure; JSON has no word for that.
  deviation: v.fallback(v.number(), 0),
});

/** The next severity and when it is reached at this rate. */
const forecast = v.object({ severity: v.string(), fromMs: v.number(), toMs: v.number() });

const facts = v.object({
  gateway: v.nullable(name),
  beganAt: v.nullable(time),
  backSince: v.exactOptional(time),
  lastAbnormalAt: v.nullable(time),
  quietSince: v.nullable(time),
  endedAt: v.nullable(time),
  endedBy: v.nullable(v.picklist(['maintenance', 'policy'])),
  abnormalShare: v.number(),
  windowMs: v.number(),
  probability: v.number(),
  deviations: v.array(deviation),
  advice: v.picklist(ADVICES),
  drifted: v.exactOptional(v.literal(true)),
  forecast: v.exactOptional(forecast),
});

const facts1 = ({ movers, ...fields }: Fields): Fields => ({ deviations: movers, ...fields });

/** From the notices without a version, where deviations were called movers. */
const toVersion1: UpgradeStep = ({ facts: known, ...fields }) => ({
  ...fields,
  facts: isFields(known) ? facts1(known) : known,
});

/** A new sample period may end an incident too. */
const toVersion2: UpgradeStep = ({ facts: known, ...fields }) => {
  if (!isFields(known)) return { ...fields, facts: known };
  const { endedByMaintenance, ...others } = known;
  return { ...fields, facts: { ...others, endedBy: endedByMaintenance === true ? 'maintenance' : null } };
};

/** When it was abnormal last was not kept. */
const toVersion3: UpgradeStep = ({ facts: known, ...fields }) => ({
  ...fields,
  facts: isFields(known) ? { lastAbnormalAt: null, quietSince: null, ...known } : known,
});

/** A notice. One whose facts are not understood comes without them: better told so than not at all. */
export const noticeCodec = createRecordCodec({
  what: 'notice',
  schema: schemaOf<Notice>()(v.object({ output: noticeOutput, facts: v.fallback(v.nullable(facts), null) })),
  steps: [toVersion1, toVersion2, toVersion3],
});
