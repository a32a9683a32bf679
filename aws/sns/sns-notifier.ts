import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Language } from '../../notification/locales/languages.ts';
import type { Notifier } from '../../usecases/ports/notifier.ts';
import { snsMessage } from './sns-message.ts';

export type SnsNotifierSettings = Readonly<{
  client: SNSClient;
  topicArn: string;
  /** Where the notices come from, as people call it; may be empty. */
  site: string;
  language: Language;
  /** An IANA time zone, as `Asia/Seoul`. */
  timeZone: string;
}>;

/**
 * Tells people through an SNS topic: one message, in which e-mail, SMS, chat and machines each find what is for them.
 * Rejects, with the service's error as `cause`, where SNS did not take it or did not say so.
 */
export const createSnsNotifier = ({
  client,
  topicArn,
  site,
  language,
  timeZone,
}: SnsNotifierSettings): Notifier => ({
  async notify(notice) {
    const message = snsMessage(notice, { timeZone, language }, site);
    try {
      await client.send(new PublishCommand({ TopicArn: topicArn, ...message }));
    } catch (cause) {
      const why = cause instanceof Error ? cause.name : 'an unknown failure';
      throw new Error(`SNS did not take notice ${notice.output.id}: ${why}.`, { cause });
    }
  },
});
