import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const COMPONENT = pathToFileURL(join(import.meta.dirname, '../../../edge/package/run-component.ts')).href;

/** Imports the component with formats of dates counted, and with the modules that are loaded named. */
const PROGRAM = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
let formats = 0;
Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
  construct: (made, args) => { formats += 1; return Reflect.construct(made, args); },
});
await import(${JSON.stringify(COMPONENT)});
console.log(JSON.stringify({ formats, loaded }));
`;

test('the component makes no format of dates at its start, which is 5 MB, and loads no source before it is asked for', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
  const { formats, loaded }: { formats: number; loaded: string[] } = JSON.parse(stdout);
  assert.equal(formats, 0);
  assert.ok(loaded.includes(COMPONENT));
  const late = /sources\/(socket|ndjson|modbus|opcua|sparkplug)|mapping\/map-payload|message\/read-message/;
  assert.deepEqual(
    loaded.filter((url) => late.test(url)),
    [],
  );
});
