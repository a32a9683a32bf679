import { type Fields, isFields } from '../../../domain/fields.ts';

/** A template's resources by logical id. */
export type Resources = Readonly<Record<string, Readonly<{ Type: string; Properties: Fields }>>>;

/** Every value at a path such as `Targets.*.RetryPolicy.MaximumRetryAttempts`; a star stands for each of a list. */
export const valuesAt = (value: unknown, path: string): readonly unknown[] =>
  path.split('.').reduce<readonly unknown[]>(
    (found, step) =>
      found.flatMap((one) => {
        if (step === '*') return Array.isArray(one) ? one : [];
        return isFields(one) && one[step] !== undefined ? [one[step]] : [];
      }),
    [value],
  );

/** What a deploy to a region makes of a text: pseudo parameters and the functions that names are made with. */
export const rendered = (value: unknown, region: string): string => {
  if (typeof value === 'string') return value;
  const [sub] = valuesAt(value, 'Fn::Sub');
  if (typeof sub === 'string') return sub.replaceAll(/\$\{AWS::Region\}/g, region);
  const [join] = valuesAt(value, 'Fn::Join');
  if (Array.isArray(join)) {
    const [glue, parts] = join;
    const [split] = valuesAt(parts, 'Fn::Split');
    const list = Array.isArray(split) ? rendered(split[1], region).split(String(split[0])) : parts;
    if (Array.isArray(list)) return list.map((part) => rendered(part, region)).join(String(glue));
  }
  throw new Error(`nobody knows what ${JSON.stringify(value)} will be`);
};
