import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { packageStack, SLS } from './package-stack.ts';

describe('what is typed wrong', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-refusal-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is refused in one sentence each, and in nothing else', async () => {
    const wrong = ['alertEmail=ops', 'ingest=kinesis', 'policy=none.json'].flatMap((one) => ['--param', one]);
    const run = promisify(execFile)(process.execPath, [SLS, 'package', '--package', folder, ...wrong]);
    await assert.rejects(run, (error) => {
      assert.ok(error instanceof Error && 'stderr' in error && 'stdout' in error && 'code' in error);
      assert.equal(error.code, 1);
      assert.deepEqual(
        `${error.stdout}${error.stderr}`.split('\n').filter((line) => line !== ''),
        [
          'Error:',
          'ingest must be stream or direct, not "kinesis"',
          'alertEmail must be an e-mail address as ops@example.com, not "ops"',
          "the policy file none.json cannot be read as JSON: ENOENT: no such file or directory, open 'none.json'",
        ],
      );
      return true;
    });
  });

  it('is no site, in whatever script it is written', async () => {
    const site = '부산 "2" 공장';
    const { Resources } = await packageStack({ site }, folder);
    const variables = JSON.stringify(Resources.NotifyLambdaFunction?.Properties.Environment);
    assert.ok(variables.includes(JSON.stringify({ SITE: site }).slice(1, -1)), variables);
  });
});
