import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { connectBySdk, type GreengrassSdk } from '../../../edge/ipc/sdk-connection.ts';
import { nucleusDouble } from './nucleus-double.ts';
import { SDK } from './nucleus-plant.ts';
import { startNucleusSocket } from './nucleus-socket.ts';

/** Ends so many connections of AWS's client, each at another moment of the publish that is under way; prints how many it lived through. */

const [folder = '', times = '0'] = process.argv.slice(2);
const sdk: GreengrassSdk = await import(pathToFileURL(SDK).href);
await using socket = await startNucleusSocket(nucleusDouble(), join(folder, 'drops.sock'));
Object.assign(process.env, socket.environment);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

for (let time = 0; time < Number(times); time += 1) {
  const connection = await connectBySdk(sdk)();
  let isOver = false;
  const publishing = (async () => {
    while (!isOver) {
      await nextTurn();
      await Promise.race([connection.publish('t', 'x'.repeat(3000)), connection.ended]);
    }
  })();
  await sleep(time % 10);
  socket.drop();
  await connection.ended;
  isOver = true;
  await publishing;
  await connection.close();
}
process.stdout.write(`${times} ends\n`);
process.exit(0);
