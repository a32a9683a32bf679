import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './package-stack.ts';

/** The version of each that the template was judged by, and the variable that names another. */
const TOOLS = {
  'cfn-lint': { version: '1.58.0', variable: 'CFN_LINT' },
  checkov: { version: '3.3.30', variable: 'CHECKOV' },
} as const;

const run = promisify(execFile);

/** Installs a tool from PyPI into a virtual environment of its own, whole or not at all. */
const install = async (requirement: string, folder: string): Promise<void> => {
  const building = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', building]);
    await run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', requirement], {
      maxBuffer: 64 * 1024 * 1024,
    });
    await rename(building, folder);
  } catch (cause) {
    throw new Error(`${requirement} could not be installed: python3 with venv and pip is needed`, { cause });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

/** The program and its first arguments: what its variable names, or else what is installed on first use. */
const find = async (name: keyof typeof TOOLS): Promise<readonly [string, ...string[]]> => {
  const { version, variable } = TOOLS[name];
  const given = process.env[variable];
  if (given !== undefined && given !== '') return [given];
  const folder = join(ROOT, '.cache', `${name}-${version}`);
  if (!existsSync(folder)) await install(`${name}==${version}`, folder);
  // Called by interpreter and script: a script of an environment that was moved points at where it was.
  return [join(folder, 'bin', 'python'), join(folder, 'bin', name)];
};

export type LintRun = Readonly<{ code: number | string; output: string }>;

/** Runs one of the tools to its end, whatever its exit code. */
export const lint = async (
  name: keyof typeof TOOLS,
  args: readonly string[],
  cwd: string,
): Promise<LintRun> => {
  const [file, ...first] = await find(name);
  return new Promise((resolve) => {
    execFile(
      file,
      [...first, ...args],
      { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LOG_LEVEL: 'CRITICAL' } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    );
  });
};
