import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Figure } from '../figure.ts';
import { startProcess } from '../processes/start-process.ts';
import { usageSchema } from '../processes/usage.ts';

/** By then the quarter of an hour that the simulated gateway has in its queue is stored. */
const SETTLE_MS = 10_000;
const MEASURE_MS = 30_000;

async function* run(): AsyncGenerator<Figure | string> {
  const data = mkdtempSync(join(tmpdir(), 'sentinel-idle-'));
  const sentinel = startProcess({
    script: '../../../cli/sentinel.ts',
    args: ['run', '--data', data, '--mqtt-port', '0', '--source', 'simulated', '--cylinders', '6'],
    execArgv: ['--import', new URL('../processes/report-usage.ts', import.meta.url).href],
  });
  try {
    await delay(SETTLE_MS);
    const before = await sentinel.ask(usageSchema, 'usage');
    const startedMs = performance.now();
    await delay(MEASURE_MS);
    const after = await sentinel.ask(usageSchema, 'usage');
    const wallUs = 1000 * (performance.now() - startedMs);
    const cpuShare = (100 * (after.cpuUs - before.cpuUs)) / wallUs;
    yield { what: 'sensors, model, gateway and pipeline', value: cpuShare, unit: '% of a core', atMost: 5 };
    yield { what: 'memory', value: after.rssMb, unit: 'MB', atMost: 250 };
  } finally {
    await sentinel.end();
    rmSync(data, { recursive: true, force: true });
  }
}

/** `sentinel run` as a newcomer has it, once it has settled down. */
export const idleBench: Bench = {
  name: 'idle',
  summary: 'six simulated cylinders at one sample a second, for half a minute',
  run,
};
