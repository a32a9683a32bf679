import * as v from 'valibot';
import { type IncidentRecord, NO_MARKS } from '../../../domain/incident/incident-record.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const maybeText = v.nullable(v.string());

const maybeTime = v.nullable(time);

/** What is noted of an incident as it goes on. */
export const incidentMarks = {
  toldAt: maybeTime,
  acknowledgedAt: maybeTime,
  closedAt: maybeTime,
  advice: maybeText,
  why: v.nullable(v.array(v.number())),
  model: maybeText,
  policy: maybeText,
};

/** What is kept of an incident for good. */
export const incidentCodec = createRecordCodec({
  what: 'incident',
  schema: schemaOf<IncidentRecord>()(
    v.object({
      id: text,
      cylinder: text,
      gateway: maybeText,
      beganAt: time,
      raisedAt: time,
      lastAbnormalAt: maybeTime,
      clearedAt: maybeTime,
      endedBy: v.nullable(v.picklist(['clearing', 'maintenance', 'policy'])),
      severity: v.string(),
      reopenings: v.number(),
      acknowledgedBy: maybeText,
      closedBy: maybeText,
      outcome: maybeText,
      mode: maybeText,
      comment: maybeText,
      ...incidentMarks,
    }),
  ),
  steps: [
    // The first records bore no version, and are otherwise the same.
    (fields) => ({ mode: null, comment: null, ...fields }),
    // When it was abnormal last was not kept.
    (fields) => ({ lastAbnormalAt: null, ...fields }),
    // Nor when it was told, acknowledged and closed, and what was known at the raise.
    (fields) => ({ ...NO_MARKS, ...fields }),
  ],
});
