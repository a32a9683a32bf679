import * as v from 'valibot';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const maybeText = v.nullable(v.string());

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
      lastAbnormalAt: v.nullable(time),
      clearedAt: v.nullable(time),
      endedBy: v.nullable(v.picklist(['clearing', 'maintenance', 'policy'])),
      severity: v.string(),
      reopenings: v.number(),
      acknowledgedBy: maybeText,
      closedBy: maybeText,
      outcome: maybeText,
      mode: maybeText,
      comment: maybeText,
    }),
  ),
  steps: [
    // The first records bore no version, and are otherwise the same.
    (fields) => ({ mode: null, comment: null, ...fields }),
    // When it was abnormal last was not kept.
    (fields) => ({ lastAbnormalAt: null, ...fields }),
  ],
});
