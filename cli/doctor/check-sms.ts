import {
  GetSMSSandboxAccountStatusCommand,
  paginateListSMSSandboxPhoneNumbers,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { type Check, fail, ok } from './finding.ts';
import { listed } from './listed.ts';

const NAME = 'Text messages';

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
  name: NAME,
  run: async () => {
    const numbers = listed(alertSms);
    const odd = numbers.filter((number) => !isNumber(number));
    if (odd.length > 0)
      return [fail(NAME, `${odd.join(', ')}: no number`, 'write it with its country as +821012345678')];
    const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    if (IsInSandbox !== true) return [ok(NAME, 'the account is out of the SMS sandbox')];
    const verified = await verifiedNumbers(client);
    const unknown = numbers.filter((number) => !verified.has(number));
    if (unknown.length === 0)
      return [ok(NAME, 'the account is in the SMS sandbox, and these numbers are verified')];
    return [
      fail(
        NAME,
        `the account is in the SMS sandbox, and ${unknown.join(', ')} not verified: no message would arrive`,
        'verify the number in the SNS console (Text messaging, Sandbox), or ask there to leave the sandbox',
      ),
    ];
  },
});
