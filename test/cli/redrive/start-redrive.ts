import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createInvoke } from '../../../aws/lambda/invoke.ts';
import { storedObjects } from '../../../aws/s3/stored-objects.ts';
import { deadLetters } from '../../../aws/sqs/dead-letters.ts';
import { type PutBackParts, putBack, type Source } from '../../../cli/redrive/put-back.ts';
import { readDeadLetter, readFailedBatch } from '../../../cli/redrive/read-dead-letter.ts';
import { readQuarantined } from '../../../cli/redrive.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { startAwsServer } from './aws-server.ts';
import { STACK } from './fixture.ts';

/** An AWS of its own with what failed in it, and a way to put that back by the clients of the SDK. */
export const startRedrive = async () => {
  const aws = await startAwsServer();
  const settings = clientSettings(aws.endpoint);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const invoke = createInvoke(new LambdaClient(settings));
  const lines: string[] = [];
  const sources = {
    letters: (): Source => ({
      kept: deadLetters({
        client: new SQSClient(settings),
        queueUrl: `${aws.endpoint}/1/dead-letters`,
        now: () => 0,
      }),
      read: ({ text, keptAt }) => readDeadLetter(text, STACK, keptAt),
    }),
    batches: (): Source => ({
      kept: storedObjects({ client: s3, bucket: 'failed', prefix: 'aws/lambda/' }),
      read: ({ text }) => readFailedBatch(text, STACK),
    }),
    quarantine: (): Source => ({
      kept: storedObjects({ client: s3, bucket: 'quarantine', prefix: 'quarantine/' }),
      read: ({ text }) => readQuarantined(text, STACK),
    }),
  };
  const run = async (from: keyof typeof sources, parts: Partial<PutBackParts> = {}) => {
    lines.length = 0;
    const { putBack: done, left } = await putBack([sources[from]()], {
      invoke,
      say: (line) => lines.push(line),
      signal: new AbortController().signal,
      atOnce: 1,
      dryRun: false,
      limit: Number.POSITIVE_INFINITY,
      ...parts,
    });
    return [done, Object.fromEntries(left)];
  };
  return { ...aws, s3, run, lines, [Symbol.asyncDispose]: () => aws.close() };
};
