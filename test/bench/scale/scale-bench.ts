import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Bench, BenchSize, Figure } from '../figure.ts';
import { startProcess } from '../processes/start-process.ts';
import { usageSchema } from '../processes/usage.ts';
import { startInfluxStack } from './influx-stack.ts';
import { type PeerPrograms, peerPrograms, TELEGRAF } from './peer-programs.ts';
import { type MeasuredLine, sendLine } from './send-line.ts';
import { storedRows } from './stored-rows.ts';

const closedSchema = v.object({ stored: v.number(), lines: v.array(v.string()) });

const refuseLoss = (stored: number, { samples }: MeasuredLine, lines: readonly string[]): void => {
  if (stored !== samples) throw new Error(`${stored} of ${samples} samples were stored: ${lines.join(' ')}`);
};

/** A line in real time against the whole pipeline, on an empty store or on one with rows. Rejects where a sample is missing. */
export const measureLine = async (
  cylinders: number,
  rows: number,
  seconds: number,
): Promise<MeasuredLine & Readonly<{ startS: number }>> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  const telemetry = join(folder, 'telemetry.duckdb');
  if (rows > 0) copyFileSync(await storedRows(cylinders, rows), telemetry);
  const startedMs = performance.now();
  const { ask, ended, end } = startProcess({
    script: './pipeline.ts',
    args: [JSON.stringify({ startMs: 0, ...(rows > 0 ? { telemetry } : {}) })],
  });
  try {
    const port = await ask(v.number(), 'port');
    const startS = (performance.now() - startedMs) / 1000;
    const line = { cylinders, fromSecond: Math.ceil(rows / cylinders), seconds };
    const measured = await sendLine({ port, ended, usage: () => ask(usageSchema, 'usage') }, line);
    const { stored, lines } = await ask(closedSchema, 'close');
    refuseLoss(stored, measured, lines);
    return { ...measured, startS };
  } finally {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The same line against what one would build instead, on an empty store. Rejects where a sample is missing. */
const measurePeer = async (
  programs: PeerPrograms,
  cylinders: number,
  seconds: number,
): Promise<MeasuredLine> => {
  const { port, usage, ended, stored, end } = await startInfluxStack(programs);
  try {
    const receiver = { port, ended, usage: async () => usage() };
    const measured = await sendLine(receiver, { cylinders, fromSecond: 0, seconds });
    refuseLoss(await stored(measured.samples), measured, ['by what InfluxDB counts']);
    return measured;
  } finally {
    await end();
  }
};

const figure = (what: string, value: number | null, unit: string, atMost?: number): readonly Figure[] =>
  value === null ? [] : [{ what, value, unit, ...(atMost === undefined ? {} : { atMost }) }];

const figures = (
  what: string,
  isTarget: boolean,
  { usPerSample, rssMb, startS, acks, notices }: Awaited<ReturnType<typeof measureLine>>,
): readonly Figure[] => {
  const target = (atMost: number): number | undefined => (isTarget ? atMost : undefined);
  return [
    ...figure(`${what}: CPU`, usPerSample, 'µs/sample', target(20)),
    ...figure(`${what}: acknowledged, p50`, acks.p50, 'ms'),
    ...figure(`${what}: acknowledged, p99`, acks.p99, 'ms', target(1000)),
    ...figure(`${what}: ${notices.count} notices, p50`, notices.p50, 'ms'),
    ...figure(`${what}: ${notices.count} notices, p99`, notices.p99, 'ms'),
    ...figure(`${what}: memory`, rssMb, 'MB', target(1024)),
    ...figure(`${what}: ready after`, startS, 's'),
  ];
};

const PEER = `Mosquitto, Telegraf ${TELEGRAF} and InfluxDB 1`;

const peerFigures = (peer: MeasuredLine, ours: MeasuredLine): readonly Figure[] => [
  ...figure('  peer: CPU of the three', peer.usPerSample, 'µs/sample'),
  ...figure('  peer: acknowledged before it is stored, p50', peer.acks.p50, 'ms'),
  ...figure('  peer: acknowledged before it is stored, p99', peer.acks.p99, 'ms'),
  ...figure('  peer: memory of the three', peer.rssMb, 'MB'),
  ...figure('  CPU, ours to the peer', ours.usPerSample / peer.usPerSample, 'x'),
  ...figure('  memory, ours to the peer', ours.rssMb / peer.rssMb, 'x'),
];

const CYLINDERS = [100, 1000, 10_000] as const;

async function* run({ rows, seconds }: BenchSize): AsyncGenerator<Figure | string> {
  const peer = await peerPrograms().catch((error: unknown) =>
    error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
  );
  yield typeof peer === 'string'
    ? `peer: ${PEER} are left out: ${peer}`
    : `peer: ${PEER}; they store and neither watch nor tell, and acknowledge before they store`;
  for (const cylinders of CYLINDERS) {
    const what = `${cylinders} cylinders`;
    const isTarget = cylinders === 10_000;
    const fresh = await measureLine(cylinders, 0, seconds);
    yield* figures(`${what}, fresh`, isTarget, fresh);
    if (typeof peer !== 'string') yield* peerFigures(await measurePeer(peer, cylinders, seconds), fresh);
    if (rows > 0)
      yield* figures(`${what}, ${rows / 1e6} M rows`, isTarget, await measureLine(cylinders, rows, seconds));
  }
}

/** Lines of several sizes in real time, on an empty store and on one with years of samples. */
export const scaleBench: Bench = {
  name: 'scale',
  summary:
    'a sample a second from each of 100, 1,000 and 10,000 cylinders, ten a message; fresh and over stored rows',
  run,
};
