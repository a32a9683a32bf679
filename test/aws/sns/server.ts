import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';

/** What a `Publish` request said, as the service reads it. */
export type Published = Readonly<{
  topicArn: string;
  subject: string;
  structure: string;
  /** What subscribers of each protocol get. */
  messages: Readonly<Record<string, string>>;
  attributes: Readonly<Record<string, string>>;
  /** Length of the message in bytes. */
  bytes: number;
}>;

/** How the service refuses a request: HTTP status and error code. */
export type Refusal = Readonly<{ status: number; code: string }>;

const strings = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([key, part]) => {
      if (typeof part !== 'string') throw new Error(`${key} is no text: SNS would pass it over`);
      return [key, part];
    }),
  );

const attributesOf = (form: URLSearchParams): Readonly<Record<string, string>> => {
  const attributes: Record<string, string> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n += 1) {
    const entry = (field: string): string => form.get(`MessageAttributes.entry.${n}.${field}`) ?? '';
    if (entry('Value.DataType') !== 'String' || entry('Value.StringValue') === '')
      throw new Error(`SNS refuses attribute ${entry('Name')}`);
    attributes[entry('Name')] = entry('Value.StringValue');
  }
  return attributes;
};

const read = (form: URLSearchParams): Published => {
  const message = form.get('Message') ?? '';
  return {
    topicArn: form.get('TopicArn') ?? '',
    subject: form.get('Subject') ?? '',
    structure: form.get('MessageStructure') ?? '',
    messages: strings(JSON.parse(message)),
    attributes: attributesOf(form),
    bytes: Buffer.byteLength(message),
  };
};

const ACCEPTED =
  '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>';

/** A few lines that take `Publish` as SNS does, and the real client for them; the requests are not retried. */
export const startSns = async () => {
  const published: Published[] = [];
  let refusal: Refusal | null = null;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (refusal !== null) {
      const { status, code } = refusal;
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(`<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`);
      return;
    }
    published.push(read(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))));
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(ACCEPTED);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const client = new SNSClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    client,
    published,
    refuse: (next: Refusal | null): void => {
      refusal = next;
    },
    close: async (): Promise<void> => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
