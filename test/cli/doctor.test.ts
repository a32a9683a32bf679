import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { type Account, soundAccount, startAws } from './doctor/aws-server.ts';

const COMMAND = new URL('../../cli/doctor.ts', import.meta.url).href;
const SCRIPT = `
  import { doctorCommand } from '${COMMAND}';
  await doctorCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;

const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
/** Nobody's configuration: neither this machine's nor that of a virtual machine it may be. */
const NOBODY = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const doctor = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) =>
  new Promise<Readonly<{ code: number; out: string }>>((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', SCRIPT, '--', ...args],
      { env: { ...NOBODY, ...environment } },
      (error, out) => resolve({ code: Number(error?.code ?? 0), out }),
    );
  });

const endpointOf = async (t: TestContext, account: Account): Promise<string> => {
  const server = await startAws(account);
  t.after(() => server.close());
  return server.endpoint;
};

test('a sound account is ready: exit code 0, and no colours into a pipe', async (t) => {
  const endpoint = await endpointOf(t, soundAccount);
  const { code, out } = await doctor(
    KEYS,
    '--endpoint',
    endpoint,
    '--region',
    'eu-central-1',
    '--alert-email',
    'ops@example.com',
  );
  assert.equal(code, 0, out);
  assert.match(out, /^ok {4}Credentials +account 123456789012/m);
  assert.match(out, /\nReady to deploy\.\n$/);
  assert.ok(!out.includes('\u001b'));
});

test('AWS_ENDPOINT_URL and AWS_REGION are heeded as by every client of AWS', async (t) => {
  const endpoint = await endpointOf(t, soundAccount);
  const { code, out } = await doctor(
    { ...KEYS, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'ap-northeast-2' },
    '--store',
    'lake',
  );
  assert.equal(code, 0, out);
  assert.match(out, /^ok {4}Region +ap-northeast-2, from AWS_REGION$/m);
});

test('a closed Timestream is told from other trouble where the client looks for its endpoint first', async (t) => {
  const closed = {
    error: 'AccessDeniedException',
    message: 'Only existing Timestream for LiveAnalytics customers can access the service.',
    status: 403,
  };
  const endpoint = await endpointOf(t, (operation, input) =>
    operation === 'DescribeEndpoints' ? closed : soundAccount(operation, input),
  );
  const { code, out } = await doctor({ ...KEYS, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' });
  assert.equal(code, 1, out);
  assert.match(out, /^fail {2}Timestream for LiveAnalytics +closed to this account/m);
  assert.match(out, /--param store=lake/);
});

test('without credentials it says what to type, and ends with exit code 1', async (t) => {
  const endpoint = await endpointOf(t, soundAccount);
  const { code, out } = await doctor({}, '--endpoint', endpoint, '--region', 'eu-central-1', '--json');
  assert.equal(code, 1);
  const { ready, findings } = JSON.parse(out);
  assert.equal(ready, false);
  const credentials = findings.find(({ check }: { check: string }) => check === 'Credentials');
  assert.deepEqual([credentials.status, credentials.found], ['fail', 'none found']);
  assert.match(credentials.advice, /aws configure/);
});
