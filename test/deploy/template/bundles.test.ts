import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { measureInit } from './measure-init.ts';
import { packageStack, type Template } from './package-stack.ts';
import { zipEntries } from './zip-entries.ts';

const FUNCTIONS = ['Store', 'Watch', 'Command', 'Sweep', 'Notify', 'Twin', 'Canary', 'Desk'];
const MAX_BYTES = 1.5 * 1024 * 1024;
const MAX_INIT_MS = 300;
const LOADS = 10;

const configured = v.object({ Environment: v.object({ Variables: v.record(v.string(), v.unknown()) }) });

/** The variables of a deployed function; what refers to a resource is that resource's name here. */
const variablesOf = ({ Resources }: Template, name: string): Record<string, string> => {
  const { Variables } = v.parse(configured, Resources[`${name}LambdaFunction`]?.Properties).Environment;
  return Object.fromEntries(
    Object.entries(Variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'arn:aws:sns:us-east-1:123456789012:name',
    ]),
  );
};

for (const store of ['lake', 'existing']) {
  describe(`bundles of functions, store=${store}`, () => {
    const existing = { telemetryDatabase: 'plant', telemetryTable: 'samples', incidentsTable: 'incidents' };
    let folder = '';
    let template: Template = { Resources: {}, Outputs: {} };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sentinel-bundles-'));
      template = await packageStack({ store, desk: 'on', ...(store === 'existing' ? existing : {}) }, folder);
    });
    after(() => rm(folder, { recursive: true, force: true }));

    for (const name of FUNCTIONS) {
      it(`${name.toLowerCase()} is at most 1.5 MB and ready within 300 ms`, async (test) => {
        const entries = zipEntries(await readFile(join(folder, `${name.toLowerCase()}.zip`)));
        for (const entry of entries) {
          await mkdir(dirname(join(folder, entry.name)), { recursive: true });
          await writeFile(join(folder, entry.name), entry.body);
        }
        const bytes = entries.reduce((sum, { body }) => sum + body.length, 0);
        const bundle = join(folder, `functions/${name.toLowerCase()}/handler.js`);
        const environment = { ...variablesOf(template, name), AWS_REGION: 'us-east-1' };
        const initMs = await measureInit(bundle, environment, {
          enoughMs: MAX_INIT_MS,
          times: LOADS,
        });
        test.diagnostic(
          `${name.toLowerCase()}: ${Math.round(bytes / 1024)} KB, init ${Math.round(initMs)} ms`,
        );
        assert.ok(bytes <= MAX_BYTES, `${bytes} bytes`);
        assert.ok(initMs <= MAX_INIT_MS, `${initMs} ms`);
      });
    }
  });
}
