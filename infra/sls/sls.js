#!/usr/bin/env node
// @ts-check
/** `npx sls …`: the Serverless Framework (osls) of this folder, installed on first use, run at the repository's root. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const framework = join(here, 'node_modules', 'serverless', 'bin', 'serverless.js');
const mark = join(here, 'node_modules', '.installed-for');

/** @param {string} sentence */
const say = (sentence) => process.stderr.write(`${sentence}\n`);

/** @param {string} lock */
const isInstalledFor = (lock) =>
  existsSync(framework) && existsSync(mark) && readFileSync(mark, 'utf8') === lock;

/** Installs what the lock file names, unless that is what is there. What npm prints goes to stderr. */
const install = () => {
  const lock = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
  if (isInstalledFor(lock)) return;
  say('Installing the deploy tools into infra/sls (190 MB, once) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    say('npm ci failed in infra/sls: see above, and try again once npm reaches its registry.');
    process.exit(1);
  }
  writeFileSync(mark, lock);
};

if (!existsSync(node)) {
  say('Node 24 is not in node_modules: run npm ci at the root of the repository first.');
  process.exit(1);
}
install();

const child = spawn(node, [framework, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  say(`Node 24 could not be started: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exit(code ?? 1);
});
