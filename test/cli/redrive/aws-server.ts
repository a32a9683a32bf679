import { createHash } from 'node:crypto';
import { s3Answers } from '../../aws/s3/server.ts';
import { type Answer, type Request, startServer } from '../../aws/start-server.ts';
import { STACK } from './fixture.ts';

/** A letter in the queue; a hidden one is held by somebody. */
type Letter = { id: string; body: string; sentAt: number; hidden: boolean };

/** What a function answers, or the error that it throws. */
export type FunctionAnswer =
  | Readonly<{ answer: unknown }>
  | Readonly<{ error: string }>
  | Readonly<{ status: number; code: string }>;

export type Called = Readonly<{ name: string; event: unknown }>;

const json = (value: unknown, status = 200, code = ''): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...(code === '' ? {} : { 'x-amzn-errortype': code }) },
  body: JSON.stringify(value),
});

const xml = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0"?>${body}`,
});

const outputs = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join('');

const describeStacks = (form: URLSearchParams, values: Readonly<Record<string, string>>): Answer => {
  const name = form.get('StackName');
  if (name !== STACK) {
    return xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      400,
    );
  }
  return xml(
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><Outputs>${outputs(
      values,
    )}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  );
};

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** As much of SQS, S3, Lambda and CloudFormation as is asked for here: one stack, with what failed in it. */
export const startAwsServer = async () => {
  const letters: Letter[] = [];
  const objects = new Map<string, Uint8Array>();
  const calls: Called[] = [];
  const control: { function: (called: Called) => FunctionAnswer | Promise<FunctionAnswer> } = {
    function: () => ({ answer: null }),
  };
  const s3 = s3Answers(objects);

  const sqs = (operation: string, body: Readonly<Record<string, unknown>>): Answer => {
    const held = letters.find(({ id }) => `handle-${id}` === body.ReceiptHandle);
    if (operation === 'ReceiveMessage') {
      const taken = letters.filter(({ hidden }) => !hidden).slice(0, 10);
      for (const letter of taken) letter.hidden = true;
      const messages = taken.map(({ id, body: Body, sentAt }) => ({
        MessageId: id,
        ReceiptHandle: `handle-${id}`,
        Body,
        MD5OfBody: createHash('md5').update(Body).digest('hex'),
        Attributes: { SentTimestamp: `${sentAt}` },
      }));
      return json(messages.length === 0 ? {} : { Messages: messages });
    }
    if (held === undefined) return json({ message: 'no such handle' }, 400, 'ReceiptHandleIsInvalid');
    if (operation === 'DeleteMessage') letters.splice(letters.indexOf(held), 1);
    if (operation === 'ChangeMessageVisibility') held.hidden = false;
    return json({});
  };

  const lambda = async (name: string, body: Buffer): Promise<Answer> => {
    const called = { name, event: JSON.parse(body.toString()) };
    calls.push(called);
    const result = await control.function(called);
    if ('status' in result) return json({ message: 'words of Lambda' }, result.status, result.code);
    if ('answer' in result) return json(result.answer);
    return {
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify({ errorType: 'Error', errorMessage: result.error }),
    };
  };

  const server = await startServer((request: Request) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('AmazonSQS.')) return sqs(target.slice(10), JSON.parse(request.body.toString()));
    const [, name] = INVOCATION.exec(request.path) ?? [];
    if (name !== undefined) return lambda(name, request.body);
    if (String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
      return describeStacks(new URLSearchParams(request.body.toString()), {
        DeadLetterQueueUrl: `${server.endpoint}/1/dead-letters`,
        FailedBatchesBucketName: 'failed',
        QuarantineBucketName: 'quarantine',
        InferenceTopicFilter: 'greengrass/ml/inference/#',
      });
    }
    return s3(request);
  });

  return {
    ...server,
    letters,
    objects,
    calls,
    control,
    send: (id: string, body: string, sentAt = 1_763_800_009_000) =>
      letters.push({ id, body, sentAt, hidden: false }),
  };
};
