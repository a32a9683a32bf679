import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { type Check, type Finding, fail, ok, troubleOf, warn } from './finding.ts';

const REGION = 'Region';

/** The region that a deploy goes to: what was asked for, or what `sls` would take. */
export type AskedRegion = Readonly<{ region: string; from: string | null }>;

/** Finds the region as `sls` does: an option, AWS_REGION, AWS_DEFAULT_REGION, or us-east-1. */
export const regionOf = (
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): AskedRegion => {
  if (option) return { region: option, from: '--region' };
  if (environment.AWS_REGION) return { region: environment.AWS_REGION, from: 'AWS_REGION' };
  if (environment.AWS_DEFAULT_REGION)
    return { region: environment.AWS_DEFAULT_REGION, from: 'AWS_DEFAULT_REGION' };
  return { region: 'us-east-1', from: null };
};

const finding = ({ region, from }: AskedRegion): Finding => {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return fail(REGION, `${region}, which is none`, 'write a region as eu-central-1');
  return from === null
    ? warn(
        REGION,
        `not set: sls deploy takes ${region}`,
        'export AWS_REGION=… if that is not where you want it',
      )
    : ok(REGION, `${region}, from ${from}`);
};

export const checkRegion = (asked: AskedRegion): Check => ({
  name: REGION,
  run: () => Promise.resolve([finding(asked)]),
});

const CREDENTIALS = 'Credentials';

const refused = (error: unknown): Finding => {
  const { kind, message } = troubleOf(error);
  switch (kind) {
    case 'no-credentials':
      return fail(
        CREDENTIALS,
        'none found',
        'type aws configure, or aws sso login --profile NAME and then export AWS_PROFILE=NAME',
      );
    case 'bad-credentials':
      return fail(
        CREDENTIALS,
        `not accepted: ${message}`,
        'type aws sso login again, or make a new access key',
      );
    case 'unreachable':
      return fail(
        CREDENTIALS,
        `AWS does not answer: ${message}`,
        'check the network, a proxy, and the region',
      );
    default:
      return fail(
        CREDENTIALS,
        message,
        'aws sts get-caller-identity has to answer before anything is deployed',
      );
  }
};

/** Who asks: without an identity nothing else can be found out, and nothing be deployed. */
export const checkCredentials = (sts: STSClient): Check => ({
  name: CREDENTIALS,
  run: async () => {
    try {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return [ok(CREDENTIALS, `account ${Account}, ${Arn}`)];
    } catch (error) {
      return [refused(error)];
    }
  },
});
