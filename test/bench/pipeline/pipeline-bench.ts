import type { Bench, Figure } from '../figure.ts';
import { installPeer } from './install-peer.ts';
import { measureBareClient, measureNodeRed } from './measure-peer.ts';
import { measurePipeline } from './measure-pipeline.ts';
import type { Cost, Load } from './under-load.ts';

const NODE_RED = '5.0.7';

const ONE: Load = { samplesPerMessage: 1, connections: 1, warmUp: 10_000, messages: 100_000 };
const TEN: Load = { samplesPerMessage: 10, connections: 1, warmUp: 10_000, messages: 20_000 };
const PEER: Load = { ...ONE, messages: 50_000 };

const cpu = (what: string, { usPerSample }: Cost, atMost?: number): Figure => ({
  what,
  value: usPerSample,
  unit: 'µs/sample',
  ...(atMost === undefined ? {} : { atMost }),
});
const memory = (what: string, { rssMb }: Cost): Figure => ({
  what: `${what}, memory`,
  value: rssMb,
  unit: 'MB',
});
const ratio = (what: string, ours: Cost, peer: Cost): Figure => ({
  what: `ours / ${what}`,
  value: ours.usPerSample / peer.usPerSample,
  unit: 'times',
});

async function* run(): AsyncGenerator<Figure | string> {
  const one = await measurePipeline(ONE);
  yield cpu('one sample a message', one, 45);
  yield memory('one sample a message', one);
  yield cpu('one sample a message, 10 connections', await measurePipeline({ ...ONE, connections: 10 }), 45);
  const ten = await measurePipeline(TEN);
  yield cpu('ten samples a message', ten, 12);
  yield memory('ten samples a message', ten);
  yield cpu('ten samples a message, 10 connections', await measurePipeline({ ...TEN, connections: 10 }), 12);

  const bare = await measureBareClient(PEER);
  yield cpu('peer: mqtt.js, receive and parse only', bare);
  yield ratio('mqtt.js', one, bare);
  let folder: string;
  try {
    folder = await installPeer('node-red', NODE_RED);
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    const reason = lines.find((line) => line.startsWith('npm error')) ?? lines[0];
    yield `peer: Node-RED ${NODE_RED} is left out, because it cannot be installed: ${reason}`;
    return;
  }
  const nodeRed = await measureNodeRed(folder, PEER);
  yield cpu(`peer: Node-RED ${NODE_RED}, the alarm rule, storing nothing`, nodeRed);
  yield memory('peer: Node-RED', nodeRed);
  yield ratio('Node-RED', one, nodeRed);
}

/** The whole local pipeline against its CPU targets and beside what one would use instead. */
export const pipelineBench: Bench = {
  name: 'pipeline',
  summary: 'CPU of broker, parsing, storage, alarm, ledger and twin; 100 cylinders, QoS 1, loopback',
  run,
};
