import { createRequire } from 'node:module';
import * as v from 'valibot';

const resource = v.object({
  Type: v.string(),
  Properties: v.record(v.string(), v.unknown()),
});

export type FragmentResource = v.InferOutput<typeof resource>;

const fragment = v.pipe(
  v.union([
    v.object({ Resources: v.unknown() }),
    v.object({ resources: v.object({ Resources: v.unknown() }) }),
  ]),
  v.transform((made) => ('resources' in made ? made.resources.Resources : made.Resources)),
  v.record(v.string(), resource),
);

const load = createRequire(import.meta.url);

/** What the framework would answer: a variable that is not given is empty. */
export const frameworkWith = (variables: Readonly<Record<string, string>>) => ({
  options: {},
  resolveVariable: async (variable: string): Promise<string> =>
    variables[variable.replace(/, ''$/, '')] ?? '',
});

/** The resources that a fragment of infra/ makes of these variables, by logical id. */
export const resourcesMade = async (
  name: string,
  variables: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, FragmentResource>>> =>
  v.parse(fragment, await load(`../../../infra/${name}.cjs`)(frameworkWith(variables)));
