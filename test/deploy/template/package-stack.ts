import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { Parameters } from './parameter-combinations.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
export const SLS = join(ROOT, 'infra', 'sls', 'sls.js');

const resource = v.object({
  Type: v.string(),
  DeletionPolicy: v.optional(v.string()),
  Properties: v.optional(v.record(v.string(), v.unknown()), {}),
});

const template = v.object({
  Resources: v.record(v.string(), resource),
  Outputs: v.record(v.string(), v.object({ Value: v.unknown() })),
});

export type Resource = v.InferOutput<typeof resource>;
export type Template = v.InferOutput<typeof template>;

export const templateFile = (folder: string): string =>
  join(folder, 'cloudformation-template-update-stack.json');

/** Packages the stack into a folder, by `sls package` and without any account, and reads its template. */
export const packageStack = async (
  parameters: Parameters,
  folder: string,
  { stage = 'dev', region = 'us-east-1' } = {},
): Promise<Template> => {
  const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  given.push('--stage', stage, '--region', region);
  await promisify(execFile)(process.execPath, [SLS, 'package', '--package', folder, ...given]);
  return v.parse(template, JSON.parse(await readFile(templateFile(folder), 'utf8')));
};

/** Makes the components of the gateway, of which the template takes versions and recipes, unless they are there. */
export const buildEdge = async (): Promise<void> => {
  if (existsSync(join(ROOT, 'build', 'edge', 'manifest.json'))) return;
  await promisify(execFile)(process.execPath, [join(ROOT, 'edge', 'build', 'main.ts')], { cwd: ROOT });
};

/** The resources of a type, by name. */
export const resourcesOf = ({ Resources }: Template, type: string): ReadonlyMap<string, Resource> =>
  new Map(Object.entries(Resources).filter(([, { Type }]) => Type === type));
