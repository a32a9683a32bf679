import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { programFiles } from '../../../edge/build/package-files.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

const root = scratchFolder();

const write = (folder: string, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, folder, path)), { recursive: true });
    writeFileSync(join(root, folder, path), text);
  }
};

test('a program is packed with what it reaches, as JavaScript, and with nothing else', () => {
  write('source', {
    'a/main.ts': `import { b } from '../b/b.ts';
import type { Unused } from './type.ts';
const { default: c } = await import('./c.ts');
const d: URL = new URL('./d.json', import.meta.url);
process.stdout.write(\`\${b as string} \${c} \${d.pathname.endsWith('/a/d.json')}\`);`,
    'b/b.ts': `import './effect.ts';\nexport const b: string = 'b';`,
    'b/effect.ts': 'export {};',
    'a/c.ts': `export default 'c' satisfies string;`,
    'a/d.json': '{}',
    'a/type.ts': 'export type Unused = 1;',
    'a/other.ts': 'export {};',
  });
  const files = programFiles(join(root, 'source'), 'a/main.ts');
  const paths = files.map(({ path }) => path).sort();
  assert.deepEqual(paths, ['a/c.js', 'a/d.json', 'a/main.js', 'b/b.js', 'b/effect.js']);
  const packed = files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]);
  write('packed', { ...Object.fromEntries(packed), 'package.json': '{"type":"module"}' });
  const run = spawnSync(process.execPath, ['--no-strip-types', join(root, 'packed/a/main.js')], {
    encoding: 'utf8',
  });
  assert.deepEqual([run.stdout, run.status], ['b c true', 0], run.stderr);
});

test('the component reaches neither MQTT nor the command line nor what trains models', () => {
  const project = join(import.meta.dirname, '../../..');
  const paths = programFiles(project, 'edge/package/component.ts').map(({ path }) => path);
  assert.ok(paths.includes('edge/ipc/sdk-connection.js') && paths.includes('edge/model/simulated-line.json'));
  const unwanted = paths.filter((path) => /mqtt|^cli\/|training|recording|\.ts$/.test(path));
  assert.deepEqual(unwanted, []);
});

test('a Node that is too old is one line before anything else, from the component as from the command', () => {
  const project = join(import.meta.dirname, '../../..');
  const check = join(project, 'edge/package/check-node.cjs');
  const run = (...args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { status, stdout } = run(check, '999.0');
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^\{[^\n]*"Node [\d.]+ is too old, 999\.0 or later is needed \([^\n]*set node in the configuration[^\n]*\}\n$/,
  );
  assert.deepEqual([run(check, '22.13').status, run(check, '22.13').stdout], [0, '']);
  const asOld = `Object.defineProperty(process.versions, 'node', { value: '20.9.0' }); require(${JSON.stringify(join(project, 'cli/sentinel.cjs'))})`;
  const command = run('-e', asOld);
  assert.equal(command.status, 1);
  assert.match(
    command.stderr,
    /^sentinel: Node 20\.9\.0 is too old, 22\.18 or later is needed \([^\n]*\): run npm ci[^\n]*\n$/,
  );
});
