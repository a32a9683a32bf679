import * as v from 'valibot';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const maybeText = v.nullable(v.string());

const schema: v.GenericSchema<unknown, IncidentRecord> = v.object({
  id: text,
  cylinder: text,
  gateway: maybeText,
  beganAt: time,
  raisedAt: time,
  clearedAt: v.nullable(time),
  endedBy: v.nullable(v.picklist(['clearing', 'maintenance'])),
  severity: v.string(),
  reopenings: v.number(),
  acknowledgedBy: maybeText,
  closedBy: maybeText,
  outcome: maybeText,
  mode: maybeText,
  comment: maybeText,
});

/** Reads an incident's record as the ledger keeps it; null where it is none. */
export const readIncident = (value: unknown): IncidentRecord | null => {
  const read = v.safeParse(schema, value);
  return read.success ? read.output : null;
};
