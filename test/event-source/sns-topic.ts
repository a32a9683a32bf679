import type { Answer, Request } from '../aws/start-server.ts';

/** A message that SNS took: what machines get of it, and the attribute by which it is known. */
export type Published = Readonly<{ topicArn: string; id: string; subject: string; data: unknown }>;

const attribute = (form: URLSearchParams, name: string): string => {
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    if (form.get(`MessageAttributes.entry.${index}.Name`) === name)
      return form.get(`MessageAttributes.entry.${index}.Value.StringValue`) ?? '';
  }
  return '';
};

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

const inXml = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'text/xml' }, body });

/** As much of SNS as is asked for here. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * and API_GetTopicAttributes.html; `control` says how many have confirmed a subscription to any topic. */
export const snsTopic = () => {
  const published: Published[] = [];
  const control = { subscriptions: '1' };
  const answer = ({ body }: Request): Answer => {
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('Action') === 'GetTopicAttributes')
      return inXml(
        `<GetTopicAttributesResponse xmlns="${NAMESPACE}"><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>${control.subscriptions}</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`,
      );
    if (form.get('Action') !== 'Publish') throw new Error(`the topic knows Publish, not ${body}`);
    const { sqs }: { sqs: string } = JSON.parse(form.get('Message') ?? '');
    published.push({
      topicArn: form.get('TopicArn') ?? '',
      id: attribute(form, 'id'),
      subject: form.get('Subject') ?? '',
      data: JSON.parse(sqs),
    });
    return inXml(
      `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${published.length}</MessageId></PublishResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>`,
    );
  };
  return { answer, published, control };
};
