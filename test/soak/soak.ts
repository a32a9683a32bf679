import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SmallDisk } from '../contract/small-disk.ts';
import { TRAFFIC_POLICY } from '../local/run/abnormal-traffic.ts';
import { type Line, linesIn } from '../local/run/notified-lines.ts';
import { type Ended, type Sentinel, startSentinel } from '../local/run/start-sentinel.ts';
import { randomSource } from '../oracle/random-source.ts';
import { keepFull } from './full-disk.ts';
import { createLoad } from './load.ts';
import type { SentLine } from './sent-line.ts';
import { createUnfriendlyClients } from './unfriendly-clients.ts';

export type SoakPlan = Readonly<{
  line: SentLine;
  samples: number;
  seed: number;
  /** Where all is kept: `data` below it is on the disk. */
  folder: string;
  /** Null where none can be mounted: then files cannot grow beyond a limit instead. */
  disk: SmallDisk | null;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}>;

export type Progress = Readonly<
  Record<'acknowledged' | 'lines' | 'packets' | 'questions' | 'livedOnFull' | How, number>
>;
type How = 'kills' | 'fullDisks' | 'stops';

/** What was told while it lasted. */
export type Told = Readonly<{ told: readonly Line[]; doubtful: readonly Line[]; progress: Progress }>;

const CLOCK = `--import=${join(import.meta.dirname, 'jumping-clock.ts')}`;
const STALLED_MS = 120_000;
const NOBODY_READS_MS = 3000;

/** The data folder of a soak in its folder. */
export const dataOf = (folder: string): string => join(folder, 'disk', 'data');

/**
 * Sends a whole line to one pipeline after another on the same data folder, each of which ends otherwise than it would
 * like, with unfriendly clients beside it. Throws one line where a pipeline ends by itself or nothing is acknowledged.
 */
export const soak = async ({
  line,
  samples,
  seed,
  folder,
  disk,
  signal,
  onProgress,
}: SoakPlan): Promise<Told> => {
  const random = randomSource(seed);
  const data = dataOf(folder);
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(TRAFFIC_POLICY));
  const args = ['run', '--source', 'none', '--data', data, '--policy', policy, '--mqtt-port', '0', '--json'];
  const limits = ['--max-cylinders', String(2 * line.cylinders.length + 20_000)];
  const load = createLoad(line);
  const unfriendly = createUnfriendlyClients(seed + 1);
  const told: Line[] = [];
  const doubtful: Line[] = [];
  const times = { kills: 0, fullDisks: 0, livedOnFull: 0, stops: 0, questions: 0 };
  const progress = (): Progress => ({
    ...times,
    acknowledged: load.acknowledgedSamples(),
    lines: told.length,
    packets: unfriendly.packets(),
  });

  const start = (mostKib: number | null): Sentinel => {
    const limit = mostKib === null ? [] : ['sh', '-c', `ulimit -f ${mostKib} && exec "$@"`, 'sh'];
    const clock = ['env', `NODE_OPTIONS=${CLOCK}`, `SOAK_CLOCK_SEED=${random.integer(0, 1e9)}`];
    return startSentinel([...args, ...limits], { through: [...clock, ...limit] });
  };

  const take = ({ lines, errors }: Ended): void => {
    // A kill may have come in the middle of the last line: that one was not told.
    for (const [index, text] of lines.entries())
      if (index < lines.length - 1 || text.endsWith('}')) told.push(...linesIn(text));
    doubtful.push(...linesIn(errors));
    onProgress(progress());
  };

  /** Reads now and then, and at times nothing at all for long. */
  const readSlowly = async ({ child }: Sentinel, until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      child.stdout?.pause();
      await delay(random.integer(0, NOBODY_READS_MS), undefined, { signal: until }).catch(() => undefined);
      child.stdout?.resume();
      await delay(random.integer(10, 300), undefined, { signal: until }).catch(() => undefined);
    }
    child.stdout?.resume();
  };

  /** Asks one thing after the other of the pipeline that runs: that may fail, and must not harm it. */
  const askQuestions = async (until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      const to = join(folder, `backup-${times.questions}`);
      using asking = startSentinel(
        random.chance(0.5)
          ? ['query', '--data', data, 'SELECT cylinder, count(*), max(t) FROM samples GROUP BY ALL']
          : ['backup', '--data', data, '--to', to],
      );
      until.addEventListener('abort', () => asking.child.kill('SIGKILL'));
      const { code } = await asking.ended;
      if (code === 0) times.questions += 1;
      await delay(random.integer(1000, 4000), undefined, { signal: until }).catch(() => undefined);
    }
  };

  const whenAcknowledged = (count: number, ended: Promise<unknown>): Promise<void> =>
    new Promise((resolve, reject) => {
      const stalled = (): void => reject(new Error(`nothing was acknowledged for ${STALLED_MS / 1000} s`));
      const interrupted = (): void => reject(signal.reason);
      let timer = setTimeout(stalled, STALLED_MS);
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', interrupted);
        resolve();
      };
      signal.addEventListener('abort', interrupted);
      load.onAcknowledged(() => {
        clearTimeout(timer);
        timer = setTimeout(stalled, STALLED_MS);
        onProgress(progress());
        if (load.isDone() || load.acknowledgedSamples() >= count) done();
      });
      if (load.isDone() || load.acknowledgedSamples() >= count) done();
      ended.then(done);
    });

  /** Runs until so much is acknowledged and then ends it in one of the ways. */
  const round = async (how: How, until: number): Promise<void> => {
    signal.throwIfAborted();
    const telemetry = statSync(join(data, 'telemetry.duckdb'), { throwIfNoEntry: false })?.size ?? 0;
    const limited = how === 'fullDisks' && disk === null;
    using sentinel = start(limited ? Math.ceil(telemetry / 1024) + 2000 : null);
    const over = new AbortController();
    const port = await Promise.race([sentinel.port, delay(STALLED_MS, null)]);
    if (port === null) throw new Error(`it did not start: ${(await killed(sentinel)).errors}`);
    load.connect(port);
    unfriendly.connect(port);
    const beside = [readSlowly(sentinel, over.signal), askQuestions(over.signal)];
    let livesOn = false;
    try {
      await whenAcknowledged(limited ? samples : until, sentinel.ended);
      if (how === 'fullDisks') livesOn = await livesOnFullDisk(sentinel);
      else {
        await delay(random.integer(0, 60));
        const alive = sentinel.child.exitCode === null && sentinel.child.signalCode === null;
        if (!alive) throw new Error(`it ended by itself: ${(await sentinel.ended).errors}`);
        sentinel.child.kill(how === 'kills' ? 'SIGKILL' : 'SIGTERM');
      }
    } finally {
      over.abort();
      load.disconnect();
      unfriendly.disconnect();
      await Promise.all(beside);
    }
    const ended = await sentinel.ended;
    take(ended);
    times[livesOn ? 'livedOnFull' : how] += 1;
    if (how === 'stops' && ended.code !== 0) throw new Error(`it did not stop: ${ended.errors}`);
    if (how === 'fullDisks' && !livesOn && (ended.code !== 1 || !/the disk is full/.test(ended.errors)))
      throw new Error(`on a full disk it ended with ${ended.code ?? ended.signal}: ${ended.errors}`);
  };

  /** Whether all was acknowledged on a full disk: then it is killed there, and what it acknowledged must have been stored. */
  const livesOnFullDisk = async (sentinel: Sentinel): Promise<boolean> => {
    try {
      return (await keepFull({ disk, load, ended: sentinel.ended })) === 'all acknowledged';
    } catch (cause) {
      // How far it came with its end is in what it said.
      throw new Error(`${cause}: ${(await killed(sentinel)).errors}`, { cause });
    } finally {
      sentinel.child.kill('SIGKILL');
      await sentinel.ended;
      disk?.empty();
    }
  };

  const rounds = Math.min(100, Math.max(6, Math.round(samples / 40_000)));
  for (let index = 1; index < rounds && !load.isDone(); index += 1) {
    const kind = index % 10 === 3 ? 'fullDisks' : index % 10 === 7 ? 'stops' : 'kills';
    if (random.chance(0.2)) {
      // One that is killed while it starts.
      using sentinel = start(null);
      await delay(random.integer(0, 1500));
      take(await killed(sentinel));
      times.kills += 1;
    }
    await round(kind, Math.round((samples * (index - random.integer(0, 80) / 100)) / rounds));
  }
  await round('stops', samples);
  if (!load.isDone()) throw new Error('not all was acknowledged');
  // What nobody read waits for the next run, until one has nothing more to tell.
  for (let before = -1; before !== told.length; ) {
    before = told.length;
    using sentinel = start(null);
    if ((await sentinel.port) === null) throw new Error(`it did not start: ${(await sentinel.ended).errors}`);
    sentinel.child.kill('SIGTERM');
    take(await sentinel.ended);
  }
  return { told, doubtful, progress: progress() };
};

const killed = ({ child, ended }: Sentinel): Promise<Ended> => {
  child.kill('SIGKILL');
  return ended;
};
