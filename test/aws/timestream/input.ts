import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));

/** A record as it travels. */
export const wireRecord = v.object({
  Dimensions: v.optional(v.array(v.object({ Name: text, Value: text }))),
  MeasureName: v.optional(text),
  MeasureValueType: v.optional(v.literal('MULTI')),
  MeasureValues: v.optional(v.array(v.object({ Name: text, Value: text, Type: text }))),
  Time: v.optional(text),
  TimeUnit: v.optional(v.literal('NANOSECONDS')),
  Version: v.optional(v.pipe(v.number(), v.safeInteger())),
});

export const writeInput = v.object({
  DatabaseName: text,
  TableName: text,
  CommonAttributes: wireRecord,
  Records: v.pipe(v.array(wireRecord), v.minLength(1), v.maxLength(100)),
});

export type WireRecord = v.InferOutput<typeof wireRecord>;
export type WriteInput = v.InferOutput<typeof writeInput>;

/** A record together with what it shares with the others of its request, as Timestream stores it. */
export const mergeCommon = (common: WireRecord, record: WireRecord): WireRecord => ({
  ...common,
  ...record,
  Dimensions: [...(common.Dimensions ?? []), ...(record.Dimensions ?? [])],
});
