import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the runtime does before a function's first call: loads the bundle and evaluates it. */
const PROGRAM = `
  const { performance } = require('node:perf_hooks');
  const before = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - before));
  process.exit();
`;

/** The shortest of some loads of a bundle, ms, each in a process of its own. */
export const measureInit = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
  times: number,
): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < times; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, bundle], {
      env: environment,
    });
    best = Math.min(best, Number(stdout));
  }
  return best;
};
