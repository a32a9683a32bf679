import * as v from 'valibot';
import type { Statistics } from '../../../domain/cylinder/statistics.ts';
import type { SensorValues } from '../../../domain/message/sample.ts';
import { schemaOf } from '../record-codec.ts';
import { numbers } from './alarm-schema.ts';

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

/** A cylinder's statistics as its record holds them. */
export const statisticsSchema = schemaOf<Statistics>()(
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
  }),
);
