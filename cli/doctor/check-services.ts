import { DescribeEndpointCommand, DescribeRoleAliasCommand, type IoTClient } from '@aws-sdk/client-iot';
import {
  DescribeEndpointsCommand,
  ListDatabasesCommand,
  type TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';
import type { Quota, Quotas, QuotaValue } from './check-quota.ts';
import { type Check, type Finding, fail, ok, troubleOf, warn } from './finding.ts';

const ENDPOINT = 'IoT endpoint';

/** Where gateways connect to, which also says that IoT Core is in this region. */
export const checkIot = (client: IoTClient): Check => ({
  name: ENDPOINT,
  run: async () => {
    const { endpointAddress } = await client.send(
      new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }),
    );
    return endpointAddress === undefined
      ? [fail(ENDPOINT, 'none', 'choose a region that has AWS IoT Core')]
      : [ok(ENDPOINT, endpointAddress)];
  },
});

/** What a deploy leaves behind when it is removed, so that it is known before: docs/deploy.md, Remove. */
export const checkRemains = (store: 'timestream' | 'lake' | 'existing'): Check => ({
  name: 'After a remove',
  run: () => {
    const telemetry = store === 'lake' ? "the lake's bucket" : 'the tables of Timestream';
    const found = `the ledger, ${telemetry}, quarantine and failed batches stay, and the shadow twin of each cylinder until sentinel purge`;
    return Promise.resolve([ok('After a remove', found)]);
  },
});

const GREENGRASS = 'Greengrass';

/** The alias that the Greengrass installer makes with --provision true: through it cores get their credentials. */
const ROLE_ALIAS = 'GreengrassV2TokenExchangeRoleAlias';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';

/** Whether cores can get credentials in this account, which a component needs to fetch its model. */
export const checkGreengrass = (client: IoTClient): Check => ({
  name: GREENGRASS,
  run: async () => {
    try {
      const { roleAliasDescription } = await client.send(
        new DescribeRoleAliasCommand({ roleAlias: ROLE_ALIAS }),
      );
      return [ok(GREENGRASS, `cores take the role ${roleAliasDescription?.roleArn}`)];
    } catch (error) {
      if (!isMissing(error)) throw error;
      return [
        warn(
          GREENGRASS,
          `no role alias ${ROLE_ALIAS}: no core was installed in this region, or with an alias of its own`,
          'install a core with --provision true before you deploy the component, or allow its own role to read the artifacts',
        ),
      ];
    }
  },
});

const TIMESTREAM = 'Timestream for LiveAnalytics';
const TAKE_LAKE = 'deploy with --param store=lake: Parquet on S3, asked through Athena';

/** What a closed account is told since 20 June 2025, with an AccessDeniedException. */
const CLOSED = /only existing timestream for liveanalytics customers/i;

const refused = (error: unknown, region: string): Finding | null => {
  const { kind, message } = troubleOf(error);
  if (CLOSED.test(message))
    return fail(
      TIMESTREAM,
      'closed to this account, as to all that did not use it before June 2025',
      TAKE_LAKE,
    );
  // The service's name resolves only in the regions that have it.
  if (kind === 'unreachable' && /ENOTFOUND/.test(message))
    return fail(TIMESTREAM, `not in ${region}, or the network is down`, TAKE_LAKE);
  return null;
};

/** Whether Timestream is there for this account: asks for its databases, which an existing customer may. */
export const checkTimestream = (client: TimestreamWriteClient, region: string): Check => ({
  name: TIMESTREAM,
  run: async () => {
    try {
      // Every other call looks for its endpoint first, and hides what it was told when that fails.
      await client.send(new DescribeEndpointsCommand({}));
      const { Databases = [] } = await client.send(new ListDatabasesCommand({ MaxResults: 20 }));
      const count = Databases.length === 1 ? '1 database' : `${Databases.length} databases`;
      return [ok(TIMESTREAM, `open to this account, ${count} in ${region}`)];
    } catch (error) {
      const finding = refused(error, region);
      if (finding === null) throw error;
      return [finding];
    }
  },
});

const LAMBDA = 'Lambda concurrency';

export const CONCURRENCY: Quota = { service: 'lambda', name: /^Concurrent executions$/i, documented: 1000 };

/** What infra/reserve-on.yml sets aside for each function, in all, and what AWS wants to be left for all others. */
export const RESERVATIONS = { store: 25, watch: 25, command: 5, sweep: 1 } as const;
export const RESERVED = Object.values(RESERVATIONS).reduce((sum, count) => sum + count, 0);
const LEFT_OVER = 100;

const raise = 'ask for more at Service Quotas in the AWS console (Lambda, Concurrent executions)';

/** What the account's limit means: new accounts have 10, of which nothing can be reserved. */
const concurrencyFinding = (
  { value, trouble }: QuotaValue,
  needed: number,
  reserve: 'on' | 'off',
): Finding => {
  const found = `${value} at once, of which some ${needed} are needed`;
  if (trouble !== null)
    return warn(
      LAMBDA,
      `${found}: AWS's documented default, the account's own could not be read (${trouble.kind.replace('-', ' ')})`,
      'new accounts have 10: if this is one, deploy with --param reserve=off',
    );
  if (reserve === 'on' && value < RESERVED + LEFT_OVER)
    return fail(
      LAMBDA,
      `${value} at once, and AWS refuses to reserve ${RESERVED} of them`,
      `deploy with --param reserve=off, and ${raise}`,
    );
  return needed > value ? fail(LAMBDA, found, raise) : ok(LAMBDA, found);
};

type Needs = Readonly<Record<keyof typeof RESERVATIONS, number>>;

/** Which functions' reservations are less than the plant needs at its peaks; nothing where all are enough. */
const reservationFindings = (needs: Needs): readonly Finding[] => {
  const names = ['store', 'watch', 'command', 'sweep'] as const;
  const short = names.filter((name) => needs[name] > RESERVATIONS[name]);
  if (short.length === 0) return [];
  const found = short.map((name) => `${name} has ${RESERVATIONS[name]} and needs ${needs[name]}`).join(', ');
  return [
    warn(
      'Reserved concurrency',
      `${found}: what is beyond waits, and is told late`,
      'larger numbers in infra/reserve-on.yml, more samples in a message, or --param reserve=off',
    ),
  ];
};

export const checkConcurrency = (
  quotas: Quotas,
  needed: number,
  reserve: 'on' | 'off',
  needs: Needs,
): Check => ({
  name: LAMBDA,
  run: async () => [
    concurrencyFinding(await quotas(CONCURRENCY), needed, reserve),
    ...(reserve === 'on' ? reservationFindings(needs) : []),
  ],
});
