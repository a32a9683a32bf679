import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPackages, installDrivers, installSdk } from '../../../edge/build/build-packages.ts';
import { ENVIRONMENT, NODE_FLAGS } from '../../../edge/package/recipes.ts';
import { unzipTo } from '../../edge/build/unzip.ts';
import { nucleusBroker, nucleusTimes } from '../../edge/ipc/nucleus-broker.ts';
import { nucleusDouble } from '../../edge/ipc/nucleus-double.ts';
import { startNucleusSocket } from '../../edge/ipc/nucleus-socket.ts';
import type { Bench, Figure } from '../figure.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CYLINDERS = 100;
const SETTLE_MS = 20_000;
const MEASURE_MS = 60_000;
const LOOK_EVERY_MS = 500;
const TICKS_PER_S = 100;
/** As far as a region is that is not next door. */
const AWS_IOT = { oneWayMs: 20, handshakeMs: 160 } as const;

/** As the kernel counts: resident memory now, MB, and processor time since the start, s. */
const usageOf = (pid: number): Readonly<{ rssMb: number; cpuS: number }> => {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  const [, resident = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { rssMb: Number(resident) / 1024, cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S };
};

async function* run(): AsyncGenerator<Figure | string> {
  if (process.platform !== 'linux') return yield 'skipped: the packages are for Linux';
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const artifacts = buildPackages({
    root: ROOT,
    sdkFolder: await installSdk(),
    driverFolders: await installDrivers(),
    version: '0.0.1',
    model: [{ path: 'model.json', bytes: readFileSync(join(ROOT, 'edge/model/simulated-line.json')) }],
    modelVersion: '0.0.1',
    artifacts: 's3://bucket/folder',
  });
  for (const { name, bytes } of artifacts.filter(({ name }) => name.endsWith('.zip')))
    yield { what: name, value: bytes.length / 1e6, unit: 'MB', atMost: 8 };
  const archive = artifacts.find(({ name }) => name === `GGMLInference-linux-${architecture}.zip`);
  if (archive === undefined) throw new Error(`there is no archive for ${architecture}`);
  unzipTo(archive.bytes, join(folder, 'component'));
  mkdirSync(join(folder, 'work'));
  const double = nucleusDouble({ cylinders: CYLINDERS }, nucleusBroker({ ...nucleusTimes(1), ...AWS_IOT }));
  await using socket = await startNucleusSocket(double, join(folder, 'nucleus.sock'));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, join(folder, 'component/edge/package/component.js')],
    {
      cwd: join(folder, 'work'),
      env: { PATH: process.env.PATH, ...ENVIRONMENT, ...socket.environment },
      stdio: 'ignore',
    },
  );
  try {
    await sleep(SETTLE_MS);
    const { pid } = child;
    if (pid === undefined || child.exitCode !== null) throw new Error('the component did not start');
    const before = usageOf(pid);
    const [startedMs, messages] = [performance.now(), double.published.length];
    let maxMb = before.rssMb;
    while (performance.now() - startedMs < MEASURE_MS) {
      await sleep(LOOK_EVERY_MS);
      maxMb = Math.max(maxMb, usageOf(pid).rssMb);
    }
    const cpuShare = (100 * (usageOf(pid).cpuS - before.cpuS)) / ((performance.now() - startedMs) / 1000);
    yield {
      what: `memory with ${CYLINDERS} cylinders, the most in a minute`,
      value: maxMb,
      unit: 'MB',
      atMost: 90,
    };
    yield { what: `${CYLINDERS} cylinders at 1 Hz`, value: cpuShare, unit: '% of a core', atMost: 3 };
    const perSecond = (1000 * (double.published.length - messages)) / (performance.now() - startedMs);
    yield {
      what: 'messages, of ten samples where they are full',
      value: perSecond,
      unit: 'a second',
      atMost: 11,
    };
    const bytes = double.published.map(({ payload }) => Buffer.byteLength(payload));
    yield { what: 'the largest message', value: Math.max(...bytes), unit: 'bytes', atMost: 4500 };
  } finally {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The component as built, with the real SDK, beside a nucleus that is simulated in this process. */
export const componentBench: Bench = {
  name: 'component',
  summary: 'the generic component as it is built: size, memory, processor',
  run,
};
