import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Answer, Request } from '../aws/start-server.ts';
import { FUNCTIONS, type FunctionName } from './function-runtime.ts';

const sent = v.object({ QueueUrl: v.string(), MessageBody: v.string() });
const letter = v.object({
  requestContext: v.object({ functionArn: v.string(), condition: v.literal('NeverUnderstood') }),
  requestPayload: v.object({ Records: v.tuple([v.unknown()]) }),
  responsePayload: v.object({ errorMessage: v.string() }),
});

/** What a function parked by itself: for whom, and which record. */
export type Parked = Readonly<{ name: FunctionName; payload: unknown; why: string }>;

/** As much of SQS as is asked for here. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const deadLetterQueue = () => {
  const parked: Parked[] = [];
  const answer = ({ body }: Request): Answer => {
    const { MessageBody } = v.parse(sent, JSON.parse(body.toString('utf8')));
    const { requestContext, requestPayload, responsePayload } = v.parse(letter, JSON.parse(MessageBody));
    const name = FUNCTIONS.find((one) => requestContext.functionArn.endsWith(`-${one}`));
    if (name === undefined) throw new Error(`nobody is called ${requestContext.functionArn}`);
    parked.push({ name, payload: requestPayload, why: responsePayload.errorMessage });
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({
        MessageId: String(parked.length),
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      }),
    };
  };
  return { answer, parked };
};
