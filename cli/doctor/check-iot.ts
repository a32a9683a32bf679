import { DescribeEndpointCommand, DescribeRoleAliasCommand, type IoTClient } from '@aws-sdk/client-iot';
import { type Check, fail, ok, warn } from './finding.ts';

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
