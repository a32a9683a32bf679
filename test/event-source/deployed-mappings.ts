import { readFileSync } from 'node:fs';
import type { StreamSettings } from './stream-source.ts';

const fragment = (name: string): string =>
  readFileSync(new URL(`../../infra/${name}.yml`, import.meta.url), 'utf8');

/** The lines of one resource of a fragment. */
const resource = (text: string, name: string): string => {
  const [, found] = new RegExp(`^  ${name}:\\n((?:(?: {3,}.*)?\\n)+)`, 'm').exec(text) ?? [];
  if (found === undefined) throw new Error(`infra/ has no resource ${name} any more`);
  return found;
};

const property = (text: string, name: string): string | null =>
  new RegExp(`^ {6}${name}: (.+)$`, 'm').exec(text)?.[1] ?? null;

const number = (text: string, name: string, otherwise: number): number => {
  const value = property(text, name);
  return value === null ? otherwise : Number(value);
};

type Mapping = StreamSettings & Readonly<{ batchWindowMs: number }>;

const settings = (source: StreamSettings['source'], functionName: string, text: string): Mapping => {
  if (!text.includes('Type: AWS::Lambda::EventSourceMapping')) throw new Error('that is no event source');
  if (!text.includes('OnFailure: { Destination: !GetAtt FailedBatches.Arn }'))
    throw new Error(
      `batches of ${functionName} that are given up go nowhere from which they could be replayed`,
    );
  const maximumAgeS = number(text, 'MaximumRecordAgeInSeconds', -1);
  return {
    source,
    functionName,
    batchSize: number(text, 'BatchSize', 100),
    batchWindowMs: number(text, 'MaximumBatchingWindowInSeconds', 0) * 1000,
    parallelizationFactor: number(text, 'ParallelizationFactor', 1),
    reportsItemFailures: property(text, 'FunctionResponseTypes') === '[ReportBatchItemFailures]',
    bisects: property(text, 'BisectBatchOnFunctionError') === 'true',
    maximumRetryAttempts: number(text, 'MaximumRetryAttempts', -1),
    maximumRecordAgeMs: maximumAgeS < 0 ? -1 : maximumAgeS * 1000,
    patterns: [...text.matchAll(/- Pattern: '(.+)'/g)].map(([, pattern = '']): unknown =>
      JSON.parse(pattern),
    ),
  };
};

const readers = fragment('event-source-mappings');
const stream = fragment('inference-stream-on');
// Both readers of the inference stream are written once.
const inference = resource(stream, 'StoreReadsStream');

/** The event sources as infra/ deploys them. */
export const DEPLOYED = {
  notify: settings('aws:dynamodb', 'notify', resource(readers, 'NotifyReadsLedger')),
  twin: settings('aws:dynamodb', 'twin', resource(readers, 'TwinReadsLedger')),
  store: settings('aws:kinesis', 'store', inference),
  watch: settings('aws:kinesis', 'watch', inference),
} as const;
