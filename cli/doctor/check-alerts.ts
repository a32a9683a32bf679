import {
  GetSMSSandboxAccountStatusCommand,
  GetTopicAttributesCommand,
  paginateListSMSSandboxPhoneNumbers,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { type Check, type Finding, fail, ok, troubleOf, warn } from './finding.ts';

/** What was given as a list with commas, as the parameters of a deploy are. */
const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const EMAIL = 'E-mail';

const isAddress = (text: string): boolean => /^[^\s@,]+@[^\s@,]+\.[^\s@.,]{2,}$/.test(text);

const emailFinding = (addresses: readonly string[]): Finding => {
  if (addresses.length === 0)
    return warn(
      EMAIL,
      'nobody would get notices by e-mail',
      'deploy with --param alertEmail=you@example.com',
    );
  const odd = addresses.filter((address) => !isAddress(address));
  return odd.length > 0
    ? fail(EMAIL, `${odd.join(', ')}: no address`, 'write it as ops@example.com, several with commas')
    : ok(EMAIL, `${addresses.join(', ')}; each gets a message from AWS to confirm`);
};

/** Whether somebody would get notices by e-mail. */
export const checkEmail = (alertEmail: string | undefined): Check => ({
  name: EMAIL,
  run: () => Promise.resolve([emailFinding(listed(alertEmail ?? ''))]),
});

const SMS = 'Text messages';

const isNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

const verifiedNumbers = async (client: SNSClient): Promise<ReadonlySet<string>> => {
  const numbers = new Set<string>();
  for await (const { PhoneNumbers = [] } of paginateListSMSSandboxPhoneNumbers({ client }, {})) {
    for (const { PhoneNumber, Status } of PhoneNumbers)
      if (PhoneNumber !== undefined && Status === 'Verified') numbers.add(PhoneNumber);
  }
  return numbers;
};

/** Whether SNS would send text messages to these numbers: in the sandbox, only to those that were verified. */
export const checkSms = (client: SNSClient, alertSms: string): Check => ({
  name: SMS,
  run: async () => {
    const numbers = listed(alertSms);
    const odd = numbers.filter((number) => !isNumber(number));
    if (odd.length > 0)
      return [fail(SMS, `${odd.join(', ')}: no number`, 'write it with its country as +821012345678')];
    const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    if (IsInSandbox !== true) return [ok(SMS, 'the account is out of the SMS sandbox')];
    const verified = await verifiedNumbers(client);
    const unknown = numbers.filter((number) => !verified.has(number));
    if (unknown.length === 0)
      return [ok(SMS, 'the account is in the SMS sandbox, and these numbers are verified')];
    return [
      fail(
        SMS,
        `the account is in the SMS sandbox, and ${unknown.join(', ')} not verified: no message would arrive`,
        'verify the number in the SNS console (Text messaging, Sandbox), or ask there to leave the sandbox',
      ),
    ];
  },
});

const TOPIC = 'Topic of alerts';

const TOPIC_ARN = /^arn:[\w-]+:sns:([\w-]+):(\d{12}):[\w-]+$/;

/**
 * Whether `notify` could publish to a topic that is there: SNS takes messages only for topics of the region that is asked,
 * and another account's topic has to admit this one in its own policy.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export const checkTopic = (
  { sns, sts }: Readonly<{ sns: SNSClient; sts: STSClient }>,
  arn: string,
  region: string,
): Check => ({
  name: TOPIC,
  run: async () => {
    const [, itsRegion, itsAccount = ''] = TOPIC_ARN.exec(arn) ?? [];
    if (itsRegion === undefined)
      return [
        fail(TOPIC, `${arn}: no ARN of a standard topic`, 'write it as arn:aws:sns:REGION:ACCOUNT:NAME'),
      ];
    if (itsRegion !== region)
      return [
        fail(
          TOPIC,
          `it is in ${itsRegion}, and this would be deployed to ${region}: every notice would fail`,
          `make a topic in ${region}, or deploy to ${itsRegion}`,
        ),
      ];
    try {
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
      const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return itsAccount === Account || Attributes.Policy?.includes(Account)
        ? [ok(TOPIC, `${arn} is there`)]
        : [
            warn(
              TOPIC,
              `it is of account ${itsAccount}, whose policy does not name ${Account}: notices would be refused, unless it lets in an organization of both`,
              `allow sns:Publish to arn:aws:iam::${Account}:root in the topic's policy`,
            ),
          ];
    } catch (error) {
      const { kind } = troubleOf(error);
      if (kind === 'denied')
        return [
          warn(
            TOPIC,
            'these credentials may not look at it: whether it is there, and may be published to, is not known',
            "allow sns:GetTopicAttributes; another account's topic has to allow sns:Publish to this one",
          ),
        ];
      if (!(error instanceof Error) || !/NotFound/.test(error.name)) throw error;
      return [fail(TOPIC, `${arn} does not exist`, 'look the ARN up in the SNS console, or leave it out')];
    }
  },
});
