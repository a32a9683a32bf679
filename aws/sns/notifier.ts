import {
  GetTopicAttributesCommand,
  type MessageAttributeValue,
  PublishCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { CANARY } from '../../domain/message/topic.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import { noticeChat } from '../../notification/chat.ts';
import { noticeEmail } from '../../notification/email.ts';
import { oneLine } from '../../notification/line-text.ts';
import type { Language } from '../../notification/locales/languages.ts';
import { NONE, noticeAttributes, noticeRecord } from '../../notification/notice-record.ts';
import { noticeSms } from '../../notification/sms.ts';
import type { Reader } from '../../notification/time-text.ts';
import type { Notifier } from '../../usecases/ports/notification-log.ts';
import { failed, failureCode, NotifierError } from '../aws-error.ts';

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
  const of = { site, language: reader.language ?? 'en', linkTo: reader.linkTo };
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
  /** The topic of the canary's notices, of which people are never told; without one they are dropped. */
  canaryTopicArn?: string | undefined;
  /** The topic of those who answer for the model: they are told of drift, and technicians are not. */
  operatorTopicArn?: string | undefined;
  /** Where the notices come from, as people call it; may be empty. */
  site: string;
  language: Language;
  /** An IANA time zone, as `Asia/Seoul`. */
  timeZone: string;
  /** Makes the address under which a desk shows the incident of a notice; null where it has none. */
  linkFor?: ((notice: Notice) => Promise<string | null>) | undefined;
}>;

const isOfCanary = ({ output }: Notice): boolean =>
  'cylinder' in output ? output.cylinder === CANARY : output.gateway === CANARY;

const isForOperators = ({ output: { type } }: Notice): boolean => type === 'DRIFTED' || type === 'SETTLED';

/**
 * Tells people through an SNS topic: one message, in which e-mail, SMS, chat and machines each find what is for them.
 * Rejects, with the service's error as `cause`, where SNS did not take it or did not say so.
 */
export const createSnsNotifier = ({
  client,
  topicArn,
  canaryTopicArn,
  operatorTopicArn = topicArn,
  site,
  language,
  timeZone,
  linkFor,
}: SnsNotifierSettings): Notifier => ({
  async notify(notice) {
    const people = isForOperators(notice) ? operatorTopicArn : topicArn;
    const TopicArn = isOfCanary(notice) ? canaryTopicArn : people;
    if (TopicArn === undefined) return;
    // People are told in any case, and find the incident by its name where there is no link.
    const link = (await linkFor?.(notice).catch(() => null)) ?? null;
    const message = snsMessage(notice, { timeZone, language, linkTo: () => link }, site);
    await client
      .send(new PublishCommand({ TopicArn, ...message }))
      .catch(failed(NotifierError, `SNS did not take notice ${notice.output.id}`));
  },
});

/**
 * Rejects where nobody would get what is published on a topic: it is gone, or nobody has confirmed a subscription to it.
 * A topic of another account that may not be looked at is taken for one with listeners.
 * https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
 */
export const requireListeners = async (client: SNSClient, topicArn: string): Promise<void> => {
  const attributes = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn })).then(
    ({ Attributes }) => Attributes,
    (error: unknown) =>
      failureCode(error) === 'denied'
        ? undefined
        : failed(NotifierError, `${topicArn} could not be looked at`)(error),
  );
  if (attributes?.SubscriptionsConfirmed === '0')
    throw new NotifierError('absent', `nobody has confirmed a subscription to ${topicArn}`);
};
