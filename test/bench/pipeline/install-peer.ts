import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL_WITHIN_MS = 300_000;

/**
 * Installs a package of npm where it stays for the next time, outside this project and its lock file, and returns the
 * folder. Rejects when it cannot be had.
 */
export const installPeer = async (name: string, version: string): Promise<string> => {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(caches, 'cylinder-sentinel-bench', `${name}-${version}`);
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  // The lock file is written last, so that an installation cut short is begun again.
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${name}@${version}`,
  ];
  await promisify(execFile)('npm', args, { timeout: INSTALL_WITHIN_MS, shell: process.platform === 'win32' });
  return folder;
};
