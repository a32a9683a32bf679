// @ts-check
/** Packages of a folder of their own, which are installed there on first use and anew when their lock file changes. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs a command in a folder; where it fails, this program ends as it did.
 * @param {string} command @param {readonly string[]} options @param {string} cwd
 */
export const run = (command, options, cwd) => {
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, options, { cwd, stdio: 'inherit', shell });
  if (status !== 0) process.exit(status ?? 1);
};

/**
 * Installs what the lock file of a folder names, unless that is what is there.
 * @param {string} folder @param {string} words what is installed, and how large it is @param {readonly string[]} options of npm
 */
export const installOnce = (folder, words, options = []) => {
  const mark = join(folder, 'node_modules', '.installed-for');
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  process.stderr.write(`Installing ${words}, once …\n`);
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...options], folder);
  writeFileSync(mark, lock);
};
