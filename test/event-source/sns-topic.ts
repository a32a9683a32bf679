import type { Answer, Request } from '../aws/start-server.ts';

/** A message that SNS took: what machines get of it, and the attribute by which it is known. */
export type Published = Readonly<{ id: string; subject: string; data: unknown }>;

const attribute = (form: URLSearchParams, name: string): string => {
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    if (form.get(`MessageAttributes.entry.${index}.Name`) === name)
      return form.get(`MessageAttributes.entry.${index}.Value.StringValue`) ?? '';
  }
  return '';
};

/** As much of SNS as is asked for here. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const snsTopic = () => {
  const published: Published[] = [];
  const answer = ({ body }: Request): Answer => {
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('Action') !== 'Publish') throw new Error(`the topic knows Publish, not ${body}`);
    const { sqs }: { sqs: string } = JSON.parse(form.get('Message') ?? '');
    published.push({
      id: attribute(form, 'id'),
      subject: form.get('Subject') ?? '',
      data: JSON.parse(sqs),
    });
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${published.length}</MessageId></PublishResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>`,
    };
  };
  return { answer, published };
};
