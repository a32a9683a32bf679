import * as v from 'valibot';

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
