import type { Dialect } from '../../analysis/bind-query.ts';
import { type AwsOptions, clientSettings, stackOf } from '../options/aws-options.ts';
import { createProgressLine } from '../terminal/output.ts';
import { createStopper } from '../terminal/run-stopper.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { AskStore } from './print-rows.ts';

export type AwsQuestion = AwsOptions & Readonly<{ stage: string; stack?: string; maxScan?: number }>;

/** The store of a stack: in which dialect it is asked, and how; Timestream is only written for here. */
export type AwsStore = Readonly<{ dialect: Dialect; database: string; ask: AskStore }>;

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;

/** Finds the telemetry store of a deployed stack. A query that is stopped with Ctrl-C is stopped on Athena too. */
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
    return {
      dialect: 'timestream',
      database: telemetryDatabase,
      ask: () => {
        throw new UsageError(
          `the stack ${stack} stores in Timestream, which is not asked from here: print the query with --show, and give it to aws timestream-query query --query-string`,
        );
      },
    };
  }
  const { AthenaClient } = await import('@aws-sdk/client-athena');
  const { askAthena } = await import('../../aws/athena/ask-athena.ts');
  const client = new AthenaClient(clientSettings(options));
  return {
    dialect: 'athena',
    database: lake.database,
    ask: async function* (sql) {
      const { signal, stop } = createStopper(undefined);
      const progress = createProgressLine(process.stderr);
      let bytes = 0;
      try {
        yield* askAthena(
          {
            client,
            ...lake,
            signal,
            ...(options.maxScan === undefined ? {} : { maxScan: options.maxScan }),
            onScanned: (scanned) => {
              bytes = scanned;
              progress.show(`${inMegabytes(scanned)} read`);
            },
          },
          sql,
        );
      } finally {
        progress.end();
        process.stderr.write(`Athena read ${inMegabytes(bytes)}\n`);
        stop();
      }
    },
  };
};
