import { after } from 'node:test';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { shadowsUnderTest } from '../../aws/shadow/under-test.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { twinsContract } from '../../contract/twins-contract.ts';
import { startMinistack } from '../emulator/start-ministack.ts';

const ministack = await startMinistack();
after(() => ministack.stop());

let opened = 0;
twinsContract(
  'named shadows on ministack',
  () => {
    opened += 1;
    const connect = () => new IoTDataPlaneClient(clientSettings(ministack.endpoint));
    return Promise.resolve(shadowsUnderTest(connect, `twin-${opened}`));
  },
  { runs: 15 },
);
