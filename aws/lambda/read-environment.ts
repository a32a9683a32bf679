import * as v from 'valibot';
import { type PolicyBook, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables of a function, as its schema has them. Throws one line that names what is wrong with which. */
export const readEnvironment = <const Schema extends v.GenericSchema>(
  schema: Schema,
  variables: Variables = process.env,
): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, variables);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'}: ${issue.message}`);
  throw new Error(`this function was not deployed as it needs to be: ${faults.join('; ')}`);
};

/** A variable that names something. */
export const nameVariable = v.pipe(v.string(), v.nonEmpty('is not set'));

/** The policy file's JSON in a variable; empty or absent is the default policy. */
export const policiesVariable = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) => (text.trim() === '' ? '{}' : text)),
  v.parseJson(undefined, 'the policy is not JSON'),
  v.rawTransform<unknown, PolicyBook>(({ dataset, addIssue, NEVER }) => {
    const reading = readPolicyBook(dataset.value);
    if (reading.ok) return reading.book;
    addIssue({ message: faultsText(reading.faults) });
    return NEVER;
  }),
);

/** Where samples, incidents and what happened are stored: two tables of Timestream, or the delivery streams of the lake. */
export const telemetryVariables = v.variant('TELEMETRY_STORE', [
  v.object({
    TELEMETRY_STORE: v.literal('timestream'),
    TELEMETRY_DATABASE: nameVariable,
    TELEMETRY_TABLE: nameVariable,
    INCIDENTS_TABLE: nameVariable,
  }),
  v.object({
    TELEMETRY_STORE: v.literal('lake'),
    LAKE_SAMPLES_STREAM: nameVariable,
    LAKE_INCIDENTS_STREAM: nameVariable,
    LAKE_NOTICES_STREAM: nameVariable,
    LAKE_TRANSITIONS_STREAM: nameVariable,
    LAKE_COMMANDS_STREAM: nameVariable,
    LAKE_QUARANTINE_STREAM: nameVariable,
  }),
]);

export type TelemetryVariables = v.InferOutput<typeof telemetryVariables>;
