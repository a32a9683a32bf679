// @ts-check
/** `npm run test:sources`: live sources read from real servers, which are installed on first use. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../infra/install-once.js';
import { installServers } from './install-servers.js';

const root = join(import.meta.dirname, '..', '..');

await installServers();
const wanted = process.argv.slice(2);
const tests = wanted.length > 0 ? wanted : globSync('test/sources/*.test.ts', { cwd: root });
run(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=120000', ...tests], root);
