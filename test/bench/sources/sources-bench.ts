import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { LINE_MODEL } from '../../../cli/options/open-model.ts';
import { installServers } from '../../sources/install-servers.js';
import type { Bench, BenchSize, Figure } from '../figure.ts';
import { type BenchProcess, startProcess } from '../processes/start-process.ts';
import { usageSchema } from '../processes/usage.ts';
import { ALL_TOPICS } from '../traffic.ts';
import { CYLINDERS, lineMap, SOURCE_KINDS, type SourceKind } from './line-map.ts';

const SETTLE_MS = 15_000;
const MOST_SHARE = 10;
/** Of the samples that are due, so many must have come for a figure to count. */
const LEAST_OF_DUE = 0.97;

const counts = v.object({ samples: v.number(), faults: v.number() });
type Counts = () => Promise<v.InferOutput<typeof counts>>;

/** A process that reads the line, and how to ask what it has read so far. */
type Reader = Readonly<{ what: string; process: BenchProcess; counts: Counts }>;
type Cost = Readonly<{ share: number; usPerSample: number; rssMb: number }>;

const LIBRARIES: Readonly<Record<SourceKind, string>> = {
  modbus: 'modbus-serial',
  opcua: 'node-opcua-client',
  sparkplug: 'mqtt.js and sparkplug-payload',
  mqtt: 'mqtt.js and JSON.parse',
};

const countsOf = (process: BenchProcess): Counts => {
  return () => process.ask(counts, 'counts');
};

/** All readers at once, so that they read the very same. */
const measure = async (readers: readonly Reader[], seconds: number): Promise<readonly Cost[]> => {
  const look = () =>
    Promise.all(
      readers.map(async ({ process, counts: count }) => ({
        ...(await process.ask(usageSchema, 'usage')),
        ...(await count()),
        at: performance.now(),
      })),
    );
  const before = await look();
  await delay(1000 * seconds);
  const after = await look();
  return readers.map(({ what }, index) => {
    const [first, last] = [before[index], after[index]];
    if (first === undefined || last === undefined) throw new Error('a reader was not asked');
    const [cpuUs, wallMs] = [last.cpuUs - first.cpuUs, last.at - first.at];
    const samples = last.samples - first.samples;
    const due = (CYLINDERS * wallMs) / 1000;
    if (samples < LEAST_OF_DUE * due || last.faults > first.faults)
      throw new Error(
        `${what}: ${samples} samples of ${Math.round(due)}, ${last.faults - first.faults} faults`,
      );
    return { share: cpuUs / (10 * wallMs), usPerSample: cpuUs / samples, rssMb: last.rssMb };
  });
};

/** `sentinel edge` as a whole; its samples are counted where it publishes them. */
const startGateway = async (kind: SourceKind, map: string, folder: string, to: number) => {
  let samples = 0;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${to}`);
  client.on('message', (_, body) => {
    samples += JSON.parse(body.toString()).samples.length;
  });
  await client.subscribeAsync(ALL_TOPICS, { qos: 1 });
  const where = ['--to', `mqtt://127.0.0.1:${to}`, '--queue', join(folder, 'queue.sqlite')];
  const process = startProcess({
    script: '../../../cli/sentinel.ts',
    args: ['edge', '--source', kind, '--map', map, '--model', LINE_MODEL, '--gateway', 'line-1', ...where],
    execArgv: ['--import', new URL('../processes/report-usage.ts', import.meta.url).href],
  });
  return {
    process,
    counts: () => Promise.resolve({ samples, faults: 0 }),
    end: async (): Promise<void> => {
      await process.end();
      await client.endAsync(true);
    },
  };
};

async function* figuresOf(kind: SourceKind, seconds: number): AsyncGenerator<Figure | string> {
  await using ending = new AsyncDisposableStack();
  const folder = ending.adopt(mkdtempSync(join(tmpdir(), 'sentinel-sources-')), (made) =>
    rmSync(made, { recursive: true, force: true }),
  );
  const start = (script: string, argument: unknown): BenchProcess => {
    const args = typeof argument === 'string' ? [kind, argument] : [JSON.stringify(argument)];
    return ending.adopt(startProcess({ script, args }), (process) => process.end());
  };
  const broker = await start('./bare-broker.ts', {}).ask(v.number(), 'port');
  const map = join(folder, 'map.json');
  const readers: Reader[] = [];
  let port = broker;
  if (kind === 'mqtt') {
    writeFileSync(map, JSON.stringify(lineMap(kind, broker, folder)));
    const process = start('./pipeline.ts', { startMs: Date.now(), map, score: LINE_MODEL });
    const brokers = [await process.ask(v.number(), 'port'), broker];
    await start('../sources/serve-line.ts', { kind, brokers }).ask(v.number(), 'port');
    readers.push({ what: `${kind}, the pipeline`, process, counts: countsOf(process) });
  } else {
    port = await start('../sources/serve-line.ts', { kind, brokers: [broker] }).ask(v.number(), 'port');
    writeFileSync(map, JSON.stringify(lineMap(kind, port, folder)));
    const process = start('../sources/our-source.ts', map);
    const gateway = ending.adopt(await startGateway(kind, map, folder, broker), ({ end }) => end());
    readers.push(
      { what: `${kind}, the whole gateway`, ...gateway },
      { what: `${kind}, the source alone`, process, counts: countsOf(process) },
    );
  }
  const peer = start('../sources/bare-reader.ts', { kind, port });
  readers.push({ what: `${kind}, peer: ${LIBRARIES[kind]}`, process: peer, counts: countsOf(peer) });
  await delay(SETTLE_MS);
  const costs = await measure(readers, seconds);
  for (const [index, { what }] of readers.entries()) {
    const { share = 0, usPerSample = 0, rssMb = 0 } = costs[index] ?? {};
    yield {
      what,
      value: share,
      unit: '% of a core',
      ...(index < readers.length - 1 ? { atMost: MOST_SHARE } : {}),
    };
    yield { what: `${what}, a sample`, value: usPerSample, unit: 'µs/sample' };
    yield { what: `${what}, memory`, value: rssMb, unit: 'MB' };
  }
  const [ours, bare] = [costs.at(-2), costs.at(-1)];
  if (ours !== undefined && bare !== undefined)
    yield {
      what: `${readers.at(-2)?.what} / ${LIBRARIES[kind]}`,
      value: ours.usPerSample / bare.usPerSample,
      unit: 'times',
    };
}

async function* run({ seconds }: BenchSize): AsyncGenerator<Figure | string> {
  await installServers();
  for (const kind of SOURCE_KINDS) {
    try {
      yield* figuresOf(kind, seconds);
    } catch (error) {
      yield `${kind}: failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** What it costs to read a line from each live source, beside the client library alone. */
export const sourcesBench: Bench = {
  name: 'sources',
  summary: 'CPU of reading 100 cylinders at 1 Hz by Modbus TCP, OPC UA, Sparkplug B and mapped payloads',
  run,
};
