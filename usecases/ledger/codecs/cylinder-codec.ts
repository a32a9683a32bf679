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

/** The record of a cylinder. */
export const cylinderCodec = createRecordCodec({
  what: 'the record of cylinder',
  schema: schemaOf<CylinderRecord>()(
    v.strictObject({
      alarm: alarmSchema,
      statistics: v.nullable(statisticsSchema),
      commands: v.record(v.string(), v.nullable(fields)),
      refused: v.nullable(refusal),
      overrides: v.nullable(fields),
      twinAt: v.number(),
      twinKey: v.string(),
      dueAt: v.nullable(v.number()),
      restsUntil: v.nullable(v.number()),
    }),
  ),
  steps: CYLINDER_STEPS,
});
