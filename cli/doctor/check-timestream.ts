import {
  DescribeEndpointsCommand,
  ListDatabasesCommand,
  type TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';
import { type Check, type Finding, fail, ok, troubleOf } from './finding.ts';

const NAME = 'Timestream for LiveAnalytics';
const TAKE_LAKE = 'deploy with --param store=lake: Parquet on S3, asked through Athena';

/** What a closed account is told since 20 June 2025, with an AccessDeniedException. */
const CLOSED = /only existing timestream for liveanalytics customers/i;

const refused = (error: unknown, region: string): Finding | null => {
  const { kind, message } = troubleOf(error);
  if (CLOSED.test(message))
    return fail(NAME, 'closed to this account, as to all that did not use it before June 2025', TAKE_LAKE);
  // The service's name resolves only in the regions that have it.
  if (kind === 'unreachable' && /ENOTFOUND/.test(message))
    return fail(NAME, `not in ${region}, or the network is down`, TAKE_LAKE);
  return null;
};

/** Whether Timestream is there for this account: asks for its databases, which an existing customer may. */
export const checkTimestream = (client: TimestreamWriteClient, region: string): Check => ({
  name: NAME,
  run: async () => {
    try {
      // Every other call looks for its endpoint first, and hides what it was told when that fails.
      await client.send(new DescribeEndpointsCommand({}));
      const { Databases = [] } = await client.send(new ListDatabasesCommand({ MaxResults: 20 }));
      const count = Databases.length === 1 ? '1 database' : `${Databases.length} databases`;
      return [ok(NAME, `open to this account, ${count} in ${region}`)];
    } catch (error) {
      const finding = refused(error, region);
      if (finding === null) throw error;
      return [finding];
    }
  },
});
