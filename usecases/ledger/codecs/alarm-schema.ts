import * as v from 'valibot';
import { UNWATCHED_CAUSES } from '../../../domain/alarm/state/output.ts';
import type { CylinderState } from '../../../domain/alarm/state/state.ts';
import { schemaOf } from '../record-codec.ts';

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');

/** One check for a whole list: an issue for each item would cost more than all the rest of reading a record. */
export const numbers = v.custom<readonly number[]>(isNumbers, 'must be a list of numbers');

const maybeNumber = v.nullable(v.number());
const maybeText = v.nullable(v.string());

const incident = v.strictObject({
  id: v.string(),
  raisedAt: v.number(),
  beganAt: v.number(),
  raisedSlots: numbers,
  reopenings: v.number(),
  severity: v.string(),
  active: v.number(),
  abnormalAt: maybeNumber,
  clearedAt: maybeNumber,
  final: v.boolean(),
  notices: v.number(),
  acknowledgedBy: maybeText,
  comment: maybeText,
  endedAt: maybeNumber,
  endedBy: v.nullable(v.picklist(['maintenance', 'policy'])),
  closing: v.nullable(
    v.strictObject({ by: v.string(), outcome: v.string(), mode: maybeText, comment: maybeText }),
  ),
});

const pastIncident = v.strictObject({ raisedAt: v.number(), severity: v.string(), notices: v.number() });

const notified = v.strictObject({
  raisedAt: v.number(),
  severity: v.string(),
  active: v.number(),
  flapping: v.boolean(),
  remindedAt: v.number(),
  reminders: v.number(),
});

const until = v.strictObject({ until: v.number(), by: v.string(), reason: v.string() });

/** That something is heard: of a gateway its whole state. */
export const livenessFields = {
  lastHeardAt: v.number(),
  heardSince: v.number(),
  offline: v.nullable(
    v.strictObject({ lastHeardAt: v.number(), flapping: v.boolean(), heardAgainAt: maybeNumber }),
  ),
  offlineTimes: numbers,
};

const judging = v.strictObject({
  judgedAt: maybeNumber,
  heardAnewAt: maybeNumber,
  unjudged: v.strictObject({
    ahead: v.number(),
    late: v.number(),
    coverage: v.number(),
    'warm-up': v.number(),
  }),
  unwatched: v.nullable(
    v.strictObject({ since: v.number(), gateway: v.string(), cause: v.picklist(UNWATCHED_CAUSES) }),
  ),
});

/** The alarm's state of a cylinder as its record holds it. A field that is not known here is an error, not lost. */
export const alarmSchema = schemaOf<CylinderState>()(
  v.strictObject({
    samplePeriodMs: v.number(),
    pendingSteps: numbers,
    highestSlot: maybeNumber,
    isHighestRunning: v.boolean(),
    evaluatedAt: maybeNumber,
    receivedSlot: maybeNumber,
    evaluatedMsSinceTick: v.number(),
    runningSlots: v.number(),
    window: v.strictObject({
      size: v.number(),
      end: maybeNumber,
      counted: numbers,
      abnormal: numbers,
      countedSlots: v.number(),
      abnormalSlots: v.number(),
    }),
    condition: v.picklist(['NORMAL', 'SUSPECT', 'ACTIVE', 'CLEARING']),
    hold: v.number(),
    incident: v.nullable(incident),
    superseded: v.nullable(pastIncident),
    notified: v.nullable(notified),
    unnotified: v.nullable(
      v.strictObject({
        newest: v.array(v.strictTuple([v.number(), v.string(), v.number()])),
        count: v.number(),
      }),
    ),
    shelf: v.nullable(until),
    maintenance: v.nullable(until),
    commandAt: v.record(v.string(), v.number()),
    gateway: maybeText,
    lastSeenAt: maybeNumber,
    liveness: v.nullable(v.strictObject(livenessFields)),
    offlineGateway: maybeText,
    judging,
    lateSamples: v.number(),
  }),
);
