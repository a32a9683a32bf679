import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deadLetters } from '../../../cli/redrive/dead-letters.ts';
import { createInvoke } from '../../../cli/redrive/invoke.ts';
import { type PutBackParts, putBack } from '../../../cli/redrive/put-back.ts';
import { readFailedBatch } from '../../../cli/redrive/read-failed-batch.ts';
import { readQuarantined } from '../../../cli/redrive/read-quarantined.ts';
import { storedObjects } from '../../../cli/redrive/stored-objects.ts';
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
    letters: () =>
      deadLetters({
        client: new SQSClient(settings),
        queueUrl: `${aws.endpoint}/1/dead-letters`,
        stack: STACK,
        now: () => 0,
      }),
    batches: () =>
      storedObjects({
        client: s3,
        bucket: 'failed',
        prefix: 'aws/lambda/',
        read: (text) => readFailedBatch(text, STACK),
      }),
    quarantine: () =>
      storedObjects({
        client: s3,
        bucket: 'quarantine',
        prefix: 'quarantine/',
        read: (text) => readQuarantined(text, STACK),
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
