import * as v from 'valibot';
import { isName } from '../message/name.ts';
import { SENSORS } from '../message/sample.ts';
import { ADVICES } from './advice.ts';
import type { Notice } from './notice.ts';

/** The latest time that a JavaScript date can hold, ms since the epoch. */
const LATEST_MS = 8.64e15;

const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LATEST_MS));
const name = v.custom<string>(isName, 'is no name');
const text = v.pipe(v.string(), v.nonEmpty());

const incidentFields = { cylinder: name, id: text, incident: text, severity: text, at: time };
const liveness = v.picklist(['OFFLINE', 'ONLINE']);

const output = v.union([
  v.object({
    kind: v.literal('notice'),
    type: v.picklist([
      'RAISED',
      'REOPENED',
      'FLAPPING',
      'ESCALATED',
      'SHELF_EXPIRED',
      'REMINDER',
      'RECOVERED',
    ]),
    ...incidentFields,
  }),
  v.object({
    kind: v.literal('notice'),
    type: v.literal('OCCURRED'),
    ...incidentFields,
    incidents: v.array(text),
    count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.object({ kind: v.literal('notice'), type: liveness, cylinder: name, gateway: name, id: text, at: time }),
  v.object({ kind: v.literal('notice'), type: liveness, gateway: name, id: text, at: time }),
]);

const deviation = v.object({
  sensor: v.picklist(SENSORS),
  value: v.number(),
  low: v.nullable(v.number()),
  high: v.nullable(v.number()),
  // Without a finite number it was beyond any measure; JSON has no word for that.
  deviation: v.fallback(v.number(), 0),
});

const facts = v.object({
  gateway: v.nullable(name),
  beganAt: v.nullable(time),
  endedAt: v.nullable(time),
  endedByMaintenance: v.boolean(),
  abnormalShare: v.number(),
  windowMs: v.number(),
  probability: v.number(),
  movers: v.array(deviation),
  advice: v.picklist(ADVICES),
});

// Better sent without its facts than not at all.
const schema: v.GenericSchema<unknown, Notice> = v.object({
  output,
  facts: v.fallback(v.nullable(facts), null),
});

/** Reads a notice as the ledger keeps it; null where it is none. One whose facts are not understood comes without them. */
export const readNotice = (value: unknown): Notice | null => {
  const read = v.safeParse(schema, value);
  return read.success ? read.output : null;
};
