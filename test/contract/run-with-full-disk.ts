import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a script for which no file can grow beyond `maxKiB`, as on a full disk; resolves with what it printed. */
export const runWithFullDisk = async (
  script: string,
  args: readonly string[],
  maxKiB: number,
): Promise<string> => {
  // POSIX counts in blocks of 512 bytes, bash and dash in those and in KiB: this is between one and two times as much.
  const limited = `ulimit -f ${maxKiB} && exec "$@"`;
  const { stdout } = await run('sh', ['-c', limited, 'sh', process.execPath, script, ...args]);
  return stdout;
};
