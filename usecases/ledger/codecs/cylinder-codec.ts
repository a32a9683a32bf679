import * as v from 'valibot';
import type { CylinderRecord } from '../../../domain/cylinder/cylinder-record.ts';
import type { Statistics } from '../../../domain/cylinder/statistics.ts';
import type { SensorValues } from '../../../domain/message/sample.ts';
import type { TwinReport } from '../../../domain/twin/build-twin.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';
import { alarmSchema, numbers } from './alarm-schema.ts';
import { CYLINDER_STEPS } from './cylinder-steps.ts';
import { driftFinding } from './notice-codec.ts';

const isSensorValues = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => item === null || typeof item === 'number');

const sensorValues = v.custom<SensorValues>(isSensorValues, 'must be a list of numbers and nulls');
const maybeText = v.nullable(v.string());

const sample = v.strictObject({
  cylinder: v.string(),
  gateway: v.string(),
  t: v.number(),
  boot: maybeText,
  seq: v.nullable(v.number()),
  model: maybeText,
  values: sensorValues,
  probability: v.number(),
  why: v.nullable(numbers),
});

const share = v.strictObject({ newest: v.number(), received: numbers, abnormal: numbers });

const drift = v.strictObject({
  reference: v.string(),
  fromHour: v.number(),
  hour: v.number(),
  minute: v.number(),
  counts: numbers,
  own: v.nullable(numbers),
  heldSince: numbers,
  psi: v.nullable(numbers),
  found: v.array(driftFinding),
  since: v.nullable(v.number()),
});

/** A cylinder's statistics as its record holds them. */
const statisticsSchema = schemaOf<Statistics>()(
  v.strictObject({
    last: sample,
    recent: sensorValues,
    baselines: v.array(v.strictObject({ n: v.number(), mean: v.number(), variance: v.number() })),
    abnormal: v.nullable(
      v.strictObject({
        weight: v.number(),
        values: sensorValues,
        why: v.nullable(sensorValues),
        probability: v.number(),
      }),
    ),
    normalProbability: v.nullable(v.number()),
    hour: share,
    day: share,
    runningMs: v.number(),
    sequence: v.nullable(
      v.strictObject({
        boot: v.string(),
        newestMs: v.number(),
        first: v.number(),
        highest: v.number(),
        gaps: v.array(v.tuple([v.number(), v.number()])),
        lost: v.number(),
      }),
    ),
    probes: v.array(v.tupleWithRest([v.number()], v.number())),
    rollup: v.nullable(v.string()),
    drift: v.exactOptional(drift),
    forecast: v.exactOptional(v.tuple([v.string(), v.number(), v.number()])),
  }),
);

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

const report: v.GenericSchema<unknown, TwinReport> = v.record(v.string(), v.unknown());

/** What a twin should say. The first reports bore no version, and are otherwise the same. */
export const twinCodec = createRecordCodec({ what: 'twin', schema: report, steps: [(fields) => fields] });
