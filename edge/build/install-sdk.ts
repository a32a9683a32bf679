import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL_WITHIN_MS = 300_000;
const FOLDER = join(import.meta.dirname, 'sdk');
const FILES = ['package.json', 'package-lock.json'];

/** Where the SDK of the lock file is kept for the next time, outside this project. */
export const sdkFolder = (): string => {
  const lock = createHash('sha256').update(readFileSync(join(FOLDER, 'package-lock.json')));
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(caches, 'cylinder-sentinel-edge', `sdk-${lock.digest('hex').slice(0, 12)}`);
};

/** Whether the SDK is there already, so that the build needs no network. */
export const hasSdk = (): boolean => {
  // npm writes this file last.
  return existsSync(join(sdkFolder(), 'node_modules', '.package-lock.json'));
};

/** Installs the SDK exactly as the lock file has it, unless it is there, and returns the folder. Rejects when it cannot be had. */
export const installSdk = async (): Promise<string> => {
  const folder = sdkFolder();
  if (hasSdk()) return folder;
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(FOLDER, file), join(folder, file));
  const args = ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const options = { cwd: folder, timeout: INSTALL_WITHIN_MS, shell: process.platform === 'win32' };
  await promisify(execFile)('npm', args, options);
  return folder;
};
