import type { Dialect } from '../../analysis/bind-query.ts';
import { type AwsOptions, clientSettings, stackOf } from '../options/aws-options.ts';
import { createProgressLine } from '../terminal/output.ts';
import { createStopper } from '../terminal/run-stopper.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { AskStore, Row } from './print-rows.ts';

export type AwsQuestion = AwsOptions & Readonly<{ stage: string; stack?: string; maxScan?: number }>;

/** The store of a stack: in which dialect it is asked, and how. */
export type AwsStore = Readonly<{ dialect: Dialect; database: string; ask: AskStore }>;

type Watched = Readonly<{
  signal: AbortSignal;
  maxScan?: number;
  onRead: (bytes: number, percent?: number) => void;
}>;

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;

/** Asks while a line says how much was read; with Ctrl-C the query ends, in the store too. */
const watched = (
  name: string,
  { maxScan }: AwsQuestion,
  ask: (watch: Watched, sql: string) => AsyncIterable<Row>,
): AskStore =>
  async function* (sql) {
    const { signal, stop } = createStopper(undefined);
    const progress = createProgressLine(process.stderr);
    let bytes = 0;
    const onRead = (read: number, percent?: number): void => {
      bytes = read;
      progress.show(`${inMegabytes(read)} read${percent === undefined ? '' : `, ${Math.round(percent)} %`}`);
    };
    try {
      yield* ask({ signal, onRead, ...(maxScan === undefined ? {} : { maxScan }) }, sql);
    } finally {
      progress.end();
      process.stderr.write(`${name} read ${inMegabytes(bytes)}\n`);
      stop();
    }
  };

const timestream = async (options: AwsQuestion): Promise<AskStore> => {
  // Any client has the region and the keys: Timestream's own would be one more package for two calls.
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { askTimestream } = await import('../../aws/timestream/ask-timestream.ts');
  const client = new DynamoDBClient(clientSettings(options));
  const region = await client.config.region();
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint = options.endpoint ?? `https://query.timestream.${region}.${suffix}`;
  return watched('Timestream', options, ({ onRead, ...watch }, sql) =>
    askTimestream({ client, endpoint, onProgress: onRead, ...watch }, sql),
  );
};

/** Finds the telemetry store of a deployed stack. */
export const awsStore = async (options: AwsQuestion): Promise<AwsStore> => {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const { findStack } = await import('../../aws/cloudformation/find-stack.ts');
  const stack = stackOf(options);
  const { lake, telemetryDatabase } = await findStack(
    new CloudFormationClient(clientSettings(options)),
    stack,
  );
  if (lake === null) {
    if (telemetryDatabase === null)
      throw new UsageError(`the stack ${stack} says nothing of a telemetry store`);
    return { dialect: 'timestream', database: telemetryDatabase, ask: await timestream(options) };
  }
  const { AthenaClient } = await import('@aws-sdk/client-athena');
  const { askAthena } = await import('../../aws/athena/ask-athena.ts');
  const client = new AthenaClient(clientSettings(options));
  return {
    dialect: 'athena',
    database: lake.database,
    ask: watched('Athena', options, ({ onRead, ...watch }, sql) =>
      askAthena({ client, ...lake, onScanned: onRead, ...watch }, sql),
    ),
  };
};
