// @ts-check
/**
 * `npm run test:sources`: installs the servers that live sources are read from into this folder on first use, and what
 * the sources need into the cache of this user, and reads them.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { installDriver } from '../../edge/drivers/driver.ts';
import { installOnce, run } from '../../infra/install-once.js';

const here = import.meta.dirname;
const root = join(here, '..', '..');

installOnce(here, 'the servers of OPC UA and Sparkplug B into test/sources (96 MB)', ['--ignore-scripts']);
await installDriver('opcua');
await installDriver('sparkplug');
await installDriver('serial');
const wanted = process.argv.slice(2);
const tests = wanted.length > 0 ? wanted : globSync('test/sources/*.test.ts', { cwd: root });
run(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=120000', ...tests], root);
