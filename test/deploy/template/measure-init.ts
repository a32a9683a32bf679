import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the runtime does before a function's first call: loads the bundle and evaluates it. */
const PROGRAM = `
  const before = process.threadCpuUsage();
  require(process.argv[1]);
  const { user, system } = process.threadCpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
  process.exit();
`;

type Loads = Readonly<{ enoughMs: number; times: number }>;

/**
 * The time that a processor works on a load of a bundle, ms: waits for other programs of the machine are none of it. Each
 * load is in a process of its own, and the shortest counts; none follows one that took no longer than is enough.
 */
export const measureInit = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
  { enoughMs, times }: Loads,
): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < times && best > enoughMs; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, bundle], {
      env: environment,
    });
    best = Math.min(best, Number(stdout));
  }
  return best;
};
