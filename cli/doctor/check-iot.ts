import { DescribeEndpointCommand, type IoTClient } from '@aws-sdk/client-iot';
import { type Check, fail, ok } from './finding.ts';

const NAME = 'IoT endpoint';

/** Where gateways connect to, which also says that IoT Core is in this region. */
export const checkIot = (client: IoTClient): Check => ({
  name: NAME,
  run: async () => {
    const { endpointAddress } = await client.send(
      new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }),
    );
    return endpointAddress === undefined
      ? [fail(NAME, 'none', 'choose a region that has AWS IoT Core')]
      : [ok(NAME, endpointAddress)];
  },
});
