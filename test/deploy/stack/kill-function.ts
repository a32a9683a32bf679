import { readdir, readFile } from 'node:fs/promises';

const environmentOf = async (pid: string): Promise<string> => {
  try {
    return await readFile(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
};

/** Kills what runs a function at this moment, wherever it is in its work; says how many processes that were. */
export const killFunction = async (name: string): Promise<number> => {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  let killed = 0;
  for (const pid of pids) {
    const variables = (await environmentOf(pid)).split('\0');
    if (!variables.includes(`AWS_LAMBDA_FUNCTION_NAME=${name}`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
      killed += 1;
    } catch {
      // It has ended meanwhile.
    }
  }
  return killed;
};
