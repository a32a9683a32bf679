import { execFile } from 'node:child_process';
import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';
import { readJsonFile } from '../options/policy-file.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { type Check, type Finding, fail, ok } from './finding.ts';

const POLICY = 'Policy of the alarm';
/** All variables of a function may be 4 KB together; the policy is one of them. */
const MAX_BYTES = 3072;

const read = async (file: string): Promise<Readonly<{ value: unknown }> | Readonly<{ refusal: string }>> => {
  try {
    return { value: await readJsonFile(file) };
  } catch (error) {
    if (error instanceof UsageError) return { refusal: error.message };
    throw error;
  }
};

/** Whether the policy file would be deployed: readable, a policy, and small enough. */
export const checkPolicy = (file: string): Check => ({
  name: POLICY,
  run: async () => {
    const json = await read(file);
    if ('refusal' in json) return [fail(POLICY, json.refusal, 'name a JSON file that is there')];
    const reading = readPolicyBook(json.value);
    if (!reading.ok) {
      return [
        fail(POLICY, `${file}: ${faultsText(reading.faults)}`, 'sentinel policy --help says how to try one'),
      ];
    }
    const bytes = Buffer.byteLength(JSON.stringify(json.value));
    return bytes > MAX_BYTES
      ? [
          fail(
            POLICY,
            `${file}: ${bytes} bytes as compact JSON`,
            `at most ${MAX_BYTES}: use patterns in place of names`,
          ),
        ]
      : [ok(POLICY, `${file}, ${bytes} bytes`)];
  },
});

const atLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [haveMajor = 0, haveMinor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
};

/** What the Serverless Framework of this project runs on: Node 20.19, 22.13 or any from 24. */
const fitsNode = (version: string): boolean =>
  atLeast(version, [24, 0]) ||
  (atLeast(version, [22, 13]) && !atLeast(version, [23, 0])) ||
  (atLeast(version, [20, 19]) && !atLeast(version, [21, 0]));

const nodeFinding = (version: string): Finding =>
  fitsNode(version)
    ? ok('Node', version)
    : fail(
        'Node',
        version,
        'sls needs Node 20.19, 22.13 or 24: run npm ci, which brings Node 24 along, then npx sentinel doctor',
      );

const npmFinding = (version: string | null): Finding => {
  if (version === null)
    return fail('npm', 'not found', 'install npm 9 or newer: npx sls installs the deploy tools with it');
  return atLeast(version, [9, 0])
    ? ok('npm', version)
    : fail('npm', version, 'npm 9 or newer installs the deploy tools: npm install --global npm');
};

/** Node and npm: `npm` tells its version, or null where there is none. */
export const checkVersions = (node: string, npm: () => Promise<string | null>): Check => ({
  name: 'Node and npm',
  run: async () => [nodeFinding(node), npmFinding(await npm())],
});

/** The version of the npm on the path, or null where there is none. */
export const npmVersion = (): Promise<string | null> =>
  new Promise((resolve) => {
    const shell = process.platform === 'win32';
    execFile('npm', ['--version'], { timeout: 10_000, shell }, (error, out) => {
      resolve(error === null ? out.trim() : null);
    });
  });
