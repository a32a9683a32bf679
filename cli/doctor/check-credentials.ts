import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { type Check, type Finding, fail, ok, troubleOf } from './finding.ts';

const NAME = 'Credentials';

const refused = (error: unknown): Finding => {
  const { kind, message } = troubleOf(error);
  switch (kind) {
    case 'no-credentials':
      return fail(
        NAME,
        'none found',
        'type aws configure, or aws sso login --profile NAME and then export AWS_PROFILE=NAME',
      );
    case 'bad-credentials':
      return fail(NAME, `not accepted: ${message}`, 'type aws sso login again, or make a new access key');
    case 'unreachable':
      return fail(NAME, `AWS does not answer: ${message}`, 'check the network, a proxy, and the region');
    default:
      return fail(NAME, message, 'aws sts get-caller-identity has to answer before anything is deployed');
  }
};

/** Who asks: without an identity nothing else can be found out, and nothing be deployed. */
export const checkCredentials = (sts: STSClient): Check => ({
  name: NAME,
  run: async () => {
    try {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return [ok(NAME, `account ${Account}, ${Arn}`)];
    } catch (error) {
      return [refused(error)];
    }
  },
});
