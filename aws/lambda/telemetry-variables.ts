import * as v from 'valibot';

const name = v.pipe(v.string(), v.nonEmpty('is not set'));

/** Where samples and incidents are stored: two tables of Timestream, or two delivery streams of the lake. */
export const telemetryVariables = v.variant('TELEMETRY_STORE', [
  v.object({
    TELEMETRY_STORE: v.literal('timestream'),
    TELEMETRY_DATABASE: name,
    TELEMETRY_TABLE: name,
    INCIDENTS_TABLE: name,
  }),
  v.object({
    TELEMETRY_STORE: v.literal('lake'),
    LAKE_SAMPLES_STREAM: name,
    LAKE_INCIDENTS_STREAM: name,
  }),
]);

export type TelemetryVariables = v.InferOutput<typeof telemetryVariables>;
