// @ts-check
/**
 * `npm run test:sources`: installs the servers that live sources are read from into this folder on first use, and what
 * the sources need into the cache of this user, and reads them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDriver } from '../../edge/drivers/driver.ts';

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
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, options, { cwd, stdio: 'inherit', shell });
  if (status !== 0) process.exit(status ?? 1);
};

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== lock) {
  process.stderr.write(
    'Installing the servers of OPC UA and Sparkplug B into test/sources (96 MB, once) …\n',
  );
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], here);
  writeFileSync(mark, lock);
}
await installDriver('opcua');
await installDriver('sparkplug');
await installDriver('serial');
const wanted = process.argv.slice(2);
const tests = wanted.length > 0 ? wanted : globSync('test/sources/*.test.ts', { cwd: root });
run(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=120000', ...tests], root);
