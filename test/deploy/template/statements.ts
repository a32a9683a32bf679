import * as v from 'valibot';
import type { Template } from './package-stack.ts';

const oneOrMore = v.pipe(
  v.unknown(),
  v.transform((value): readonly unknown[] => (Array.isArray(value) ? value : [value])),
);

const statement = v.object({
  Effect: v.string(),
  Action: v.pipe(oneOrMore, v.array(v.string())),
  Resource: v.optional(oneOrMore),
});

const document = v.object({ Statement: v.array(statement) });

const role = v.object({ Policies: v.optional(v.array(v.object({ PolicyDocument: document })), []) });
const policy = v.object({ PolicyDocument: document });

export type Grant = Readonly<{ holder: string; actions: readonly string[]; resource: string }>;

const functions = v.union([
  v.pipe(
    v.object({ 'Fn::Sub': v.string() }),
    v.transform((value) => value['Fn::Sub']),
  ),
  v.pipe(
    v.object({ 'Fn::GetAtt': v.array(v.string()) }),
    v.transform((value) => value['Fn::GetAtt'].join('.')),
  ),
  v.pipe(
    v.object({ Ref: v.string() }),
    v.transform((value) => value.Ref),
  ),
  v.string(),
]);

/** A resource as text: what it refers to by name, what is substituted as it stands. */
const textOf = (resource: unknown): string => v.parse(functions, resource);

/** What roles of the stack may do, a line for each resource; policies of their own as well as attached ones. */
export const grantsOf = ({ Resources }: Template): readonly Grant[] =>
  Object.entries(Resources).flatMap(([holder, { Type, Properties }]) => {
    const documents =
      Type === 'AWS::IAM::Role'
        ? v.parse(role, Properties).Policies.map(({ PolicyDocument }) => PolicyDocument)
        : Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy'
          ? [v.parse(policy, Properties).PolicyDocument]
          : [];
    return documents
      .flatMap(({ Statement }) => Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource = [] }) =>
        Resource.map((one): Grant => ({ holder, actions: Action, resource: textOf(one) })),
      );
  });
