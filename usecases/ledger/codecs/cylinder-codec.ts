import * as v from 'valibot';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';
import { alarmSchema } from './alarm-schema.ts';
import { CYLINDER_STEPS } from './cylinder-steps.ts';
import { statisticsSchema } from './statistics-schema.ts';

const fields = v.record(v.string(), v.unknown());

const refusal = v.strictObject({
  type: v.string(),
  why: v.string(),
  words: v.string(),
  id: v.nullable(v.string()),
  at: v.number(),
});

const verdict = v.strictObject({
  kind: v.string(),
  by: v.nullable(v.string()),
  at: v.number(),
  incident: v.nullable(v.string()),
  id: v.nullable(v.string()),
  result: v.picklist(['in-force', 'refused', 'ignored']),
  words: v.nullable(v.string()),
  answeredAt: v.number(),
  asked: v.string(),
});

/** The record of a cylinder. */
export const cylinderCodec = createRecordCodec({
  what: 'the record of cylinder',
  schema: schemaOf<CylinderRecord>()(
    v.strictObject({
      alarm: alarmSchema,
      statistics: v.nullable(statisticsSchema),
      commands: v.record(v.string(), v.nullable(fields)),
      refused: v.nullable(refusal),
      lastCommands: v.array(verdict),
      overrides: v.nullable(fields),
      twinAt: v.number(),
      twinKey: v.string(),
      dueAt: v.nullable(v.number()),
      restsUntil: v.nullable(v.number()),
    }),
  ),
  steps: CYLINDER_STEPS,
});
