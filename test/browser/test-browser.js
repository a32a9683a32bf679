// @ts-check
/**
 * `npm run test:browser`: installs what drives the browser into this folder on first use, and runs the stories in it.
 * With `-- --screenshots` the pictures of the README are made anew.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce, run } from '../../infra/install-once.js';

const here = import.meta.dirname;
const root = join(here, '..', '..');

installOnce(here, 'what drives the browser into test/browser (18 MB)');
run('tsc', ['-p', here], root);
const wanted = process.argv.slice(2).filter((option) => option !== '--screenshots');
if (wanted.length < process.argv.length - 2) process.env.SCREENSHOTS = 'true';
const stories = wanted.length > 0 ? wanted : globSync('test/browser/*.test.ts', { cwd: root });
run(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-timeout=230000', '--test-force-exit', ...stories],
  root,
);
