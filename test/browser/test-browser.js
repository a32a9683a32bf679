// @ts-check
/**
 * `npm run test:browser`: installs what drives the browser into this folder on first use, and runs the stories in it.
 * With `-- --screenshots` the pictures of the README are made anew.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const mark = join(here, 'node_modules', '.installed-for');
const lock = createHash('sha256')
  .update(readFileSync(join(here, 'package-lock.json')))
  .digest('hex');

/**
 * @param {string} command
 * @param {readonly string[]} options
 * @param {string} cwd
 */
const run = (command, options, cwd) => {
  const { status } = spawnSync(command, options, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
};

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== lock) {
  process.stderr.write('Installing what drives the browser into test/browser (18 MB, once) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], here);
  writeFileSync(mark, lock);
}
run('tsc', ['-p', here], root);
const wanted = process.argv.slice(2).filter((option) => option !== '--screenshots');
if (wanted.length < process.argv.length - 2) process.env.SCREENSHOTS = 'true';
const stories = wanted.length > 0 ? wanted : globSync('test/browser/*.test.ts', { cwd: root });
run(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-timeout=230000', '--test-force-exit', ...stories],
  root,
);
