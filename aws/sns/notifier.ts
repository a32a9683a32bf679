import { type MessageAttributeValue, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../../domain/notice/notice.ts';
import { noticeChat } from '../../notification/chat.ts';
import { noticeEmail } from '../../notification/email.ts';
import { oneLine } from '../../notification/line-text.ts';
import type { Language } from '../../notification/locales/languages.ts';
import { NONE, noticeAttributes, noticeRecord } from '../../notification/notice-record.ts';
import { noticeSms } from '../../notification/sms.ts';
import type { Reader } from '../../notification/time-text.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';
import { failed, NotifierError } from '../aws-error.ts';

/** What `Publish` takes of a notice. */
export type SnsMessage = Readonly<{
  Subject: string;
  Message: string;
  MessageStructure: 'json';
  MessageAttributes: Record<string, MessageAttributeValue>;
}>;

const attributesOf = (texts: Readonly<Record<string, string>>): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
  );

/**
 * One message for every subscriber of one topic, by protocol. Chat (Amazon Q Developer in chat applications) subscribes
 * by `https`, so `https` gets its form, as does whatever protocol is not named here; machines get the notice as data.
 * The attributes by which a subscription can filter are in that data under the same names, for filters on the body.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
 */
export const snsMessage = (notice: Notice, reader: Reader, siteName: string): SnsMessage => {
  const site = oneLine(siteName);
  const email = noticeEmail(notice, reader, site);
  const chat = JSON.stringify(noticeChat(notice, reader, site));
  const of = { site, language: reader.language ?? 'en' };
  const data = JSON.stringify(noticeRecord(notice, of));
  return {
    Subject: email.subject,
    Message: JSON.stringify({
      default: chat,
      https: chat,
      email: email.body,
      'email-json': data,
      sms: noticeSms(notice, reader),
      sqs: data,
      lambda: data,
      http: data,
      firehose: data,
    }),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({
      ...noticeAttributes(notice, of),
      id: oneLine(notice.output.id) || NONE,
    }),
  };
};

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
    await client
      .send(new PublishCommand({ TopicArn: topicArn, ...message }))
      .catch(failed(NotifierError, `SNS did not take notice ${notice.output.id}`));
  },
});
