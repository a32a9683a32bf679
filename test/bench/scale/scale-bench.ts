import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Bench, BenchSize, Figure } from '../figure.ts';
import { startProcess } from '../processes/start-process.ts';
import { usageSchema } from '../processes/usage.ts';
import { storedRows } from './stored-rows.ts';

const SAMPLES_PER_MESSAGE = 10;
const CONNECTIONS = 10;
const WARM_UP_S = 15;

const maybe = v.nullable(v.number());
const spread = v.object({ count: v.number(), p50: maybe, p99: maybe, max: maybe });
const sentSchema = v.object({ messages: v.number(), behind: v.number(), acks: spread, notices: spread });
const closedSchema = v.object({ stored: v.number(), lines: v.array(v.string()) });

type Measured = v.InferOutput<typeof sentSchema> &
  Readonly<{ usPerSample: number; rssMb: number; startS: number }>;

/** A line in real time against the whole pipeline, on an empty store or on one with rows. Rejects where a sample is missing. */
export const measureLine = async (cylinders: number, rows: number, seconds: number): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  const telemetry = join(folder, 'telemetry.duckdb');
  if (rows > 0) copyFileSync(await storedRows(cylinders, rows), telemetry);
  const startedMs = performance.now();
  const pipeline = startProcess({
    script: './pipeline.ts',
    args: [JSON.stringify({ startMs: 0, ...(rows > 0 ? { telemetry } : {}) })],
  });
  try {
    const port = await pipeline.ask(v.number(), 'port');
    const startS = (performance.now() - startedMs) / 1000;
    const publisher = startProcess({
      script: './line-publisher.ts',
      args: [
        JSON.stringify({
          port,
          connections: CONNECTIONS,
          cylinders,
          samplesPerMessage: SAMPLES_PER_MESSAGE,
          fromSecond: Math.ceil(rows / cylinders),
        }),
      ],
    });
    pipeline.ended.addEventListener('abort', publisher.end);
    try {
      const warm = await publisher.ask(sentSchema, 'sendFor', WARM_UP_S);
      const before = await pipeline.ask(usageSchema, 'usage');
      const sent = await publisher.ask(sentSchema, 'sendFor', seconds);
      const { cpuUs, rssMb } = await pipeline.ask(usageSchema, 'usage');
      const { stored, lines } = await pipeline.ask(closedSchema, 'close');
      const expected = (warm.messages + sent.messages) * SAMPLES_PER_MESSAGE;
      if (stored !== expected)
        throw new Error(`${stored} of ${expected} samples were stored: ${lines.join(' ')}`);
      return {
        ...sent,
        usPerSample: (cpuUs - before.cpuUs) / (sent.messages * SAMPLES_PER_MESSAGE),
        rssMb,
        startS,
      };
    } finally {
      await publisher.end();
    }
  } finally {
    await pipeline.end();
    rmSync(folder, { recursive: true, force: true });
  }
};

const figures = (what: string, isTarget: boolean, measured: Measured): readonly Figure[] => {
  const { usPerSample, rssMb, startS, acks, notices } = measured;
  const figure = (name: string, value: number | null, unit: string, atMost?: number): readonly Figure[] =>
    value === null
      ? []
      : [{ what: `${what}: ${name}`, value, unit, ...(isTarget && atMost !== undefined ? { atMost } : {}) }];
  return [
    ...figure('CPU', usPerSample, 'µs/sample', 20),
    ...figure('acknowledged, p50', acks.p50, 'ms'),
    ...figure('acknowledged, p99', acks.p99, 'ms', 1000),
    ...figure(`${notices.count} notices, p50`, notices.p50, 'ms'),
    ...figure(`${notices.count} notices, p99`, notices.p99, 'ms'),
    ...figure('memory', rssMb, 'MB', 1024),
    ...figure('ready after', startS, 's'),
  ];
};

const CYLINDERS = [100, 1000, 10_000] as const;

async function* run({ rows, seconds }: BenchSize): AsyncGenerator<Figure | string> {
  for (const cylinders of CYLINDERS) {
    for (const stored of [0, rows]) {
      const what = `${cylinders} cylinders, ${stored === 0 ? 'fresh' : `${stored / 1e6} M rows`}`;
      yield* figures(what, cylinders === 10_000, await measureLine(cylinders, stored, seconds));
    }
  }
  yield 'Mosquitto with Telegraf and InfluxDB beside it: not measured, Debian has no package of Telegraf.';
}

/** Lines of several sizes in real time, on an empty store and on one with years of samples. */
export const scaleBench: Bench = {
  name: 'scale',
  summary:
    'a sample a second from each of 100, 1,000 and 10,000 cylinders, ten a message; fresh and over stored rows',
  run,
};
