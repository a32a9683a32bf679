import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mountSmallDisk } from '../contract/small-disk.ts';
import { TRAFFIC_POLICY } from '../local/run/abnormal-traffic.ts';
import { judge } from './judge.ts';
import { readQuarantined, readStored } from './read-left.ts';
import { sentLine } from './sent-line.ts';
import { dataOf, type Progress, soak } from './soak.ts';

const HELP = `npm run soak -- [--samples N] [--seed N] [--keep]

Runs one pipeline after another on one data folder, under a load of N samples (2,000,000), and ends them: killed at any
moment, stopped, on a full disk. Beside the load there are a fuzzer, floods and other unfriendly clients, questions and
backups; the clock jumps, and standard output is read slowly or not at all. Then counts, with nothing of the product:
every sample stored once, every notice told once. Exit 0: none lost, none twice. Exit 1: what is wrong, and where the data
folder was kept. A seed makes the load and the mishaps the same, though not their timing.
`;

const EVERY_MS = 5000;
const LANES = 4;
const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '2000000' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const wholeNumber = (name: string, text: string): number => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} is a whole number above 0, not ${text}`);
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const fullDisksIn = ({ fullDisks, livedOnFull }: Progress): string =>
  `${fullDisks} full disks${livedOnFull === 0 ? '' : ` and ${livedOnFull} on which it could end its work`}`;

const said = (progress: Progress): string =>
  `${progress.acknowledged} samples acknowledged, ${progress.kills} kills, ${fullDisksIn(progress)}, ` +
  `${progress.stops} stops, ` +
  `${progress.lines} lines told, ${progress.packets} unfriendly packets, ${progress.questions} questions answered`;

/** A progress line now and then, not at each acknowledgement. */
const everyNowAndThen = (): ((line: () => string) => void) => {
  let due = Date.now() + EVERY_MS;
  return (line) => {
    if (Date.now() < due) return;
    due = Date.now() + EVERY_MS;
    say(line());
  };
};

const run = async (samples: number, seed: number, signal: AbortSignal): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-soak-'));
  const mount = join(folder, 'disk');
  mkdirSync(mount);
  const mounted = mountSmallDisk(mount, 256 * MIB + samples * 200);
  const disk = typeof mounted === 'string' ? null : mounted;
  if (typeof mounted === 'string') say(`${mounted}: files are kept from growing instead`);
  say(`seed ${seed}, ${samples} samples, in ${folder}`);
  const startMs = Date.now();
  const line = sentLine({ samples, lanes: LANES, seed, startMs });
  const shown = everyNowAndThen();
  let isSound = false;
  try {
    const { told, doubtful, progress } = await soak({
      line,
      samples,
      seed,
      folder,
      disk,
      signal,
      onProgress: (now) => shown(() => said(now)),
    });
    say(`${said(progress)}; now counting`);
    const left = {
      stored: readStored(dataOf(folder)),
      quarantined: readQuarantined(dataOf(folder)),
      told,
      doubtful,
    };
    const verdict = await judge(line, left, {
      policy: TRAFFIC_POLICY,
      receivedAt: startMs + HOUR_MS,
      onJudged: (index) => {
        signal.throwIfAborted();
        shown(
          () =>
            `${index + 1} of ${line.cylinders.length} cylinders compared with the second model of the alarm`,
        );
      },
    });
    for (const fault of verdict.faults) say(fault);
    isSound = verdict.faults.length === 0;
    const seconds = Math.round((Date.now() - startMs) / 1000);
    process.stdout.write(
      `${verdict.samples} samples stored once, ${verdict.quarantined} ahead of the clock in quarantine, ` +
        `${verdict.notices} notices, ${verdict.inDoubt} lines left in doubt by a kill and said so; ` +
        `${progress.kills} kills, ${fullDisksIn(progress)}, ${seconds} s: ` +
        `${isSound ? '0 lost, 0 twice' : `${verdict.faults.length} faults`}\n`,
    );
  } finally {
    if (signal.aborted || (isSound && !values.keep)) {
      disk?.unmount();
      rmSync(folder, { recursive: true, force: true });
    } else say(`kept in ${folder}${disk === null ? '' : ', mounted at disk/'}; seed ${seed}`);
  }
  return isSound;
};

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
try {
  if (values.help) process.stdout.write(HELP);
  else {
    const samples = wholeNumber('samples', values.samples);
    const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
    process.exitCode = (await run(samples, seed, interrupted.signal)) ? 0 : 1;
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
// Whatever a failed run has left open holds nobody up.
setTimeout(() => process.exit(), 2000).unref();
