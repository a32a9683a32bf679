import * as v from 'valibot';
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
  clearedSlot: maybeNumber,
  final: v.boolean(),
  notices: v.number(),
  acknowledgedBy: maybeText,
  comment: maybeText,
  endedAt: maybeNumber,
  closing: v.nullable(
    v.strictObject({ by: v.string(), outcome: v.string(), mode: maybeText, comment: maybeText }),
  ),
});

const pastIncident = v.strictObject({ raisedAt: v.number(), severity: v.string(), notices: v.number() });

const told = v.strictObject({
  incident: v.string(),
  severity: v.string(),
  flapping: v.boolean(),
  remindedAt: v.number(),
  reminders: v.number(),
});

const until = v.strictObject({ until: v.number(), by: v.string(), reason: v.string() });

/** The alarm's state of a cylinder as its record holds it. A field that is not known here is an error, not lost. */
export const alarmSchema = schemaOf<CylinderState>()(
  v.strictObject({
    samplePeriodMs: v.number(),
    pending: numbers,
    highestSlot: maybeNumber,
    evaluatedSlot: maybeNumber,
    receivedSlot: maybeNumber,
    evaluatedSinceTick: v.number(),
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
    former: v.nullable(pastIncident),
    told: v.nullable(told),
    missed: v.nullable(v.strictObject({ newest: v.array(pastIncident), count: v.number() })),
    shelf: v.nullable(until),
    maintenance: v.nullable(until),
    commandAt: v.record(v.string(), v.number()),
    gateway: maybeText,
    lastSeenAt: maybeNumber,
    silence: v.nullable(v.strictObject({ lastSeenAt: v.number(), gateway: v.string() })),
    lateSamples: v.number(),
  }),
);
