import {
  GetPolicyCommand,
  type IoTClient,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot';
import * as v from 'valibot';
import { type Check, type Finding, fail, ok } from './finding.ts';

const oneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value): readonly string[] => [value].flat()),
);
const statement = v.object({ Effect: v.string(), Action: oneOrMore, Resource: v.optional(oneOrMore, '*') });
const policy = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Statement: v.union([
      v.array(statement),
      v.pipe(
        statement,
        v.transform((one) => [one]),
      ),
    ]),
  }),
);

/** A statement of a policy of AWS IoT; its conditions are taken to hold. */
export type Statement = v.InferOutput<typeof statement>;

const THING = /\$\{iot:(Connection\.Thing\.ThingName|ClientId)\}/g;

/** Whether a pattern of a policy fits: `*` stands for any characters, also across levels of a topic, `?` for one. */
const fits = (pattern: string, gateway: string, text: string): boolean => {
  const parts = pattern.replaceAll(THING, gateway).split(/([*?])/);
  const form = parts.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : RegExp.escape(part))).join('');
  return new RegExp(`^${form}$`, 'i').test(text);
};

/** Whether policies let the certificate of a gateway do something; what is denied anywhere is not allowed. */
export const isAllowed = (
  statements: readonly Statement[],
  gateway: string,
  action: string,
  resource: string,
): boolean => {
  const effects = statements
    .filter(
      ({ Action, Resource }) =>
        Action.some((one) => fits(one, gateway, action)) &&
        // The partition, the region and the account of a resource are the gateway's own.
        Resource.some((one) => fits(one.replace(/^arn:([^:]*:){4}/, ''), gateway, resource)),
    )
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
};

type Ask = readonly [what: string, action: string, resource: string];

/** What a gateway has to be able to do; and what would let it, or a thief, speak for others or silence an alarm. */
const needs = (gateway: string, prefix: string): readonly Ask[] => [
  ['connect under its name', 'iot:Connect', `client/${gateway}`],
  ['publish samples', 'iot:Publish', `topic/${prefix}/${gateway}/a-cylinder`],
];
const mustNot = (gateway: string, prefix: string): readonly Ask[] => [
  ['connect as another', 'iot:Connect', 'client/some-other-gateway'],
  ['publish as another gateway', 'iot:Publish', `topic/${prefix}/some-other-gateway/a-cylinder`],
  [
    'publish as another past the broker',
    'iot:Publish',
    `topic/$aws/rules/a_rule/${prefix}/some-other-gateway/x`,
  ],
  ['command a cylinder', 'iot:Publish', 'topic/$aws/things/a-cylinder/shadow/name/twin/update'],
  ['write its own twin', 'iot:Publish', `topic/$aws/things/${gateway}/shadow/name/twin/update`],
  ['write shadows over HTTPS', 'iot:UpdateThingShadow', 'thing/a-cylinder/twin'],
  ['delete shadows', 'iot:DeleteThingShadow', 'thing/a-cylinder/twin'],
  ['read shadows', 'iot:GetThingShadow', 'thing/a-cylinder/twin'],
  ['subscribe to the samples of others', 'iot:Subscribe', `topicfilter/${prefix}/some-other-gateway/#`],
];

const NAME = 'Gateway';

const statementsOf = async (client: IoTClient, principal: string): Promise<readonly Statement[]> => {
  const { policies = [] } = await client.send(
    new ListAttachedPoliciesCommand({ target: principal, recursive: true }),
  );
  const documents = await Promise.all(
    policies.map(({ policyName }) => client.send(new GetPolicyCommand({ policyName }))),
  );
  return documents.flatMap(({ policyDocument }) => v.parse(policy, policyDocument).Statement);
};

const findingOf = (
  gateway: string,
  prefix: string,
  principal: string,
  all: readonly Statement[],
): Finding => {
  const can = ([, action, resource]: Ask): boolean => isAllowed(all, gateway, action, resource);
  const words = (asks: readonly Ask[]): string => asks.map(([what]) => what).join(', ');
  const certificate = principal.replace(/^.*cert\/(.{8}).*$/, 'certificate $1…');
  const [lacks, excess] = [
    needs(gateway, prefix).filter((ask) => !can(ask)),
    mustNot(gateway, prefix).filter(can),
  ];
  if (excess.length > 0)
    return fail(
      NAME,
      `${gateway}, ${certificate}, may ${words(excess)}`,
      'attach a policy of docs/security.md, and detach the others',
    );
  if (lacks.length > 0)
    return fail(
      NAME,
      `${gateway}, ${certificate}, may not ${words(lacks)}`,
      'attach a policy of docs/security.md; does its topic prefix fit?',
    );
  return ok(NAME, `${gateway}, ${certificate}: publishes in its own name, and may nothing else that matters`);
};

/** Whether the policies on each certificate of a gateway's thing let it work, and do no harm. */
export const checkGateway = (client: IoTClient, gateway: string, prefix: string): Check => ({
  name: NAME,
  run: async () => {
    const { principals = [] } = await client.send(new ListThingPrincipalsCommand({ thingName: gateway }));
    if (principals.length === 0)
      return [
        fail(
          NAME,
          `the thing ${gateway} has no certificate`,
          'make one as docs/edge.md says, or name the thing',
        ),
      ];
    return Promise.all(
      principals.map(async (one) => findingOf(gateway, prefix, one, await statementsOf(client, one))),
    );
  },
});
