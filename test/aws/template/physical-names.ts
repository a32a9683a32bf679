import { pageOf, RESOURCE_TYPES, type Scope } from './resource-types.ts';
import { type Resources, rendered, valuesAt } from './value-at.ts';

export type PhysicalName = Readonly<{ id: string; type: string; scope: Scope; name: string }>;

/** The names that a deploy to a region gives, where it does not leave that to CloudFormation. */
export const physicalNames = (resources: Resources, region: string): readonly PhysicalName[] =>
  Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const known = RESOURCE_TYPES[Type];
    if (known === undefined) throw new Error(`${Type} is not among the known types yet: ${pageOf(Type)}`);
    if (known.name === null) return [];
    const [given] = valuesAt(Properties, known.name);
    return given === undefined ? [] : [{ id, type: Type, scope: known.scope, name: rendered(given, region) }];
  });

/** What is wrong with the names of a stage in a region, in sentences. */
export const nameFaults = (resources: Resources, stage: string, region: string): readonly string[] =>
  physicalNames(resources, region).flatMap(({ id, type, scope, name }) => {
    const parts = name.toLowerCase().split(/[^a-z0-9]+/);
    const has = (text: string) =>
      ` ${parts.join(' ')} `.includes(` ${text.toLowerCase().replaceAll('-', ' ')} `);
    return [
      ...(RESOURCE_TYPES[type]?.form.test(name) ? [] : [`${id} cannot be called ${name}: ${pageOf(type)}`]),
      ...(scope !== 'parent' && scope !== 'none' && !has(stage)
        ? [`${id} is called ${name}, without the stage`]
        : []),
      ...(scope === 'global' && !has(region) ? [`${id} is called ${name}, without the region`] : []),
    ];
  });

/** What a change from one template to another would replace under the name that it has, which CloudFormation refuses. */
export const replacedUnderTheirNames = (before: Resources, after: Resources): readonly string[] => {
  const names = new Map(physicalNames(before, 'a-region-1').map(({ id, name }) => [id, name]));
  return physicalNames(after, 'a-region-1')
    .filter(({ id, type, name }) => before[id]?.Type === type && names.get(id) === name)
    .flatMap(({ id, type }) =>
      (RESOURCE_TYPES[type]?.createOnly ?? [])
        .filter((property) => {
          const [one, other] = [before, after].map((all) => JSON.stringify(all[id]?.Properties[property]));
          return one !== other;
        })
        .map((property) => `${id} would be replaced for its ${property}: ${pageOf(type)}`),
    );
};
