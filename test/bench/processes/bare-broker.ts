import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { answer } from './answer.ts';

/** A broker with nothing behind it. */
const engine = new Aedes({ concurrency: 0 });
await engine.listen();
const server = createServer({ noDelay: true }, engine.handle);
const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
});

answer({ port: () => listening });
