import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the emulators are made of, at the versions that these tests were written against. */
const PACKAGES = ['ministack==1.5.33', 'duckdb==2.0.0', 'moto[server]==5.2.5'];

const FOLDER = fileURLToPath(new URL('../../../.cache/deploy-tools', import.meta.url));

const run = promisify(execFile);

let installing: Promise<void> | null = null;

const install = async (): Promise<void> => {
  const building = `${FOLDER}.${process.pid}`;
  await mkdir(dirname(FOLDER), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', building]);
    await run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...PACKAGES], {
      maxBuffer: 64 * 1024 * 1024,
    });
    // Two test files may install at once: the first to be done is kept.
    await rename(building, FOLDER).catch((error: unknown) => {
      if (!existsSync(FOLDER)) throw error;
    });
  } catch (cause) {
    throw new Error('The emulators could not be installed: python3 with venv and pip is needed.', { cause });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

/** How to start one of the tools: those of a virtual environment in the repository, made on first use. */
export const deployTool = async (
  module: 'ministack' | 'moto.server',
): Promise<Readonly<{ command: string; args: readonly string[] }>> => {
  const given = process.env[module === 'ministack' ? 'MINISTACK' : 'MOTO_SERVER'];
  if (given !== undefined && given !== '') return { command: given, args: [] };
  if (!existsSync(FOLDER)) {
    installing ??= install();
    await installing;
  }
  // Called by module: the scripts of a virtual environment that was moved point at where it was.
  return { command: join(FOLDER, 'bin', 'python'), args: ['-m', module] };
};
