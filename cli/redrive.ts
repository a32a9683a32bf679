import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command, Option } from 'commander';
import * as v from 'valibot';
import { findStack, type StackPlaces } from '../aws/cloudformation/find-stack.ts';
import { createInvoke } from '../aws/lambda/invoke.ts';
import { QUARANTINE_PREFIX, readQuarantineText } from '../aws/s3/quarantine.ts';
import { storedObjects } from '../aws/s3/stored-objects.ts';
import { deadLetters } from '../aws/sqs/dead-letters.ts';
import type { RawMessage } from '../domain/message/raw-message.ts';
import { readMessage } from '../domain/message/read-message.ts';
import type { Rejection } from '../domain/message/rejection.ts';
import { type AwsOptions, clientSettings, stackOf, withAwsOptions } from './options/aws-options.ts';
import { duration, name, wholeNumber } from './options/option-value.ts';
import { aboutOf, isSelected, putBack, type Selection, type Source, summary } from './redrive/put-back.ts';
import {
  messageEvent,
  type Reading,
  readDeadLetter,
  readFailedBatch,
  unknown,
} from './redrive/read-dead-letter.ts';
import { writeLine } from './terminal/output.ts';
import { createStopper } from './terminal/run-stopper.ts';
import { UsageError } from './terminal/usage-error.ts';

const counts = v.object({ quarantined: v.number() });

const reasonsOf = (rejections: readonly Rejection[]): string => {
  const reasons = [...new Set(rejections.map(({ reason }) => reason))];
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
};

/**
 * Whether `store` put the message back into the quarantine: it says so; of an answer that does not, the message is
 * judged by what this version of the program understands.
 */
const stillUnclear =
  (raw: RawMessage, before: readonly Rejection[], prefix?: string) =>
  (answer: unknown): string | null => {
    const said = v.safeParse(counts, answer);
    const now = said.success ? before : readMessage(raw, { prefix }).rejections;
    const isClear = said.success ? said.output.quarantined === 0 : now.length === 0;
    return isClear ? null : `still not understood${reasonsOf(now)}`;
  };

/**
 * Reads a message in quarantine: its original bytes go to the functions that read messages. `prefix`: the topic under
 * which gateways publish, where it is not the usual one.
 */
export const readQuarantined = (text: string, stack: string, prefix?: string): Reading => {
  const record = readQuarantineText(text);
  if (record === null) return unknown('is no message in quarantine');
  const { raw, rejections } = record;
  const event = messageEvent(raw);
  const now = readMessage(raw, { prefix }).rejections;
  return {
    kind: 'calls',
    foreseen: now.length === 0 ? null : `still not understood${reasonsOf(now)}`,
    what: `message on ${raw.topic}${reasonsOf(rejections)}`,
    calls: [
      { functionName: `${stack}-store`, event, refusal: stillUnclear(raw, rejections, prefix) },
      { functionName: `${stack}-watch`, event },
    ],
  };
};

type Place = 'dead-letters' | 'failed-batches' | 'quarantine';

type RedriveOptions = AwsOptions &
  Readonly<{
    stage: string;
    stack?: string;
    from?: Place | 'all';
    dryRun?: boolean;
    limit?: number;
    atOnce: number;
    reason?: string;
    gateway?: string;
    since?: number;
    until?: number;
  }>;

const PLACES: readonly Place[] = ['dead-letters', 'failed-batches', 'quarantine'];

/** What is in quarantine was not understood, and will not be unless something changed: it is put back when asked. */
const placesOf = (from: RedriveOptions['from']): readonly Place[] => {
  if (from === undefined) return ['dead-letters', 'failed-batches'];
  return from === 'all' ? PLACES : [from];
};

/** Lambda files failed batches under this prefix, by event source, shard and day. */
const FAILED_BATCHES_PREFIX = 'aws/lambda/';

const sourceOf = (place: Place, places: StackPlaces, stack: string, options: AwsOptions): Source => {
  const settings = clientSettings(options);
  const s3 = () => new S3Client({ ...settings, forcePathStyle: options.endpoint !== undefined });
  const missing = (output: string) =>
    new UsageError(`the stack ${stack} has no output ${output}: is it one of Cylinder Sentinel?`);
  switch (place) {
    case 'dead-letters': {
      const queueUrl = places.deadLetterQueueUrl;
      if (queueUrl === null) throw missing('DeadLetterQueueUrl');
      return {
        kept: deadLetters({ client: new SQSClient(settings), queueUrl, now: Date.now }),
        read: ({ text, keptAt }) => readDeadLetter(text, stack, keptAt),
      };
    }
    case 'failed-batches': {
      const bucket = places.failedBatchesBucket;
      if (bucket === null) throw missing('FailedBatchesBucketName');
      return {
        kept: storedObjects({ client: s3(), bucket, prefix: FAILED_BATCHES_PREFIX }),
        read: ({ text }) => readFailedBatch(text, stack),
      };
    }
    case 'quarantine': {
      const bucket = places.quarantineBucket;
      if (bucket === null) throw missing('QuarantineBucketName');
      return {
        kept: storedObjects({ client: s3(), bucket, prefix: QUARANTINE_PREFIX }),
        read: ({ text }) => readQuarantined(text, stack, places.topicPrefix ?? undefined),
      };
    }
  }
};

const redrive = async (options: RedriveOptions): Promise<void> => {
  const { from, dryRun = false, atOnce, limit = Number.POSITIVE_INFINITY, since, until } = options;
  const stack = stackOf(options);
  const settings = clientSettings(options);
  const places = await findStack(new CloudFormationClient(settings), stack);
  const sources = placesOf(from).map((place) => sourceOf(place, places, stack, options));
  const now = Date.now();
  const selection: Selection = {
    ...options,
    ...(since === undefined ? {} : { sinceMs: now - since }),
    ...(until === undefined ? {} : { untilMs: now - until }),
  };
  const stopper = createStopper(undefined);
  try {
    // A function that is busy with what is new has room in a while.
    const invoke = createInvoke(new LambdaClient({ ...settings, maxAttempts: 8 }));
    const tally = await putBack(sources, {
      invoke,
      say: writeLine,
      signal: stopper.signal,
      atOnce,
      dryRun,
      limit,
      isMeant: (item) => isSelected(aboutOf(item, places.topicPrefix ?? undefined), selection),
    });
    writeLine(summary(tally, dryRun));
    if (tally.left.size > 0 || tally.stopped) process.exitCode = 1;
  } finally {
    stopper.stop();
  }
};

/** `sentinel redrive`: put back what failed on AWS, once whatever made it fail is mended. */
export const redriveCommand = (): Command =>
  withAwsOptions(
    new Command('redrive')
      .description('put back what failed on AWS: dead letters, failed batches, and quarantine when asked')
      .option('--stage <name>', 'the stage that was deployed', 'dev')
      .option('--stack <name>', 'the stack, where it is not named cylinder-sentinel-<stage>')
      .addOption(
        new Option('--from <place>', 'only what is kept there; without it all but the quarantine').choices([
          ...PLACES,
          'all',
        ]),
      )
      .option(
        '--reason <word>',
        'only what is there for that: topic, not-json, RetriesExhausted …, as it is named',
      )
      .option('--gateway <name>', 'only what has messages of this gateway', name)
      .option('--since <duration>', 'only what came no longer ago, as 90m or 3d', duration)
      .option('--until <duration>', 'only what came at least so long ago', duration)
      .option('--dry-run', 'say what would be done, and do nothing')
      // As many as functions with little reserved concurrency take beside their own work.
      .option('--at-once <number>', 'put back so many at a time', wholeNumber(1, 100), 8)
      .option(
        '--limit <number>',
        'put back or try so many at most; what cannot be understood does not count',
        wholeNumber(1, 1_000_000),
      ),
  ).action(redrive);
