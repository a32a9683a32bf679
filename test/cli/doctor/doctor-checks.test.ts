import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { allChecks, awsClients, type Intent } from '../../../cli/doctor/all-checks.ts';
import type { Finding } from '../../../cli/doctor/finding.ts';
import { runChecks } from '../../../cli/doctor.ts';
import { type Account, QUOTAS, quotaList, type Said, soundAccount, startAws } from './aws-server.ts';

process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

const REGION = 'eu-central-1';
const MACHINE = { node: 'v24.21.0', npm: () => Promise.resolve('11.0.0') };
const INTENT: Intent = {
  cylinders: 100,
  edgeBatch: 10,
  ingest: 'stream',
  store: 'timestream',
  greengrass: 'off',
  reserve: 'on',
  alertEmail: 'ops@example.com',
};

/** All checks of an intent with the real clients against a server that answers as an account does. */
const checksOf = async (t: TestContext, intent: Partial<Intent>, account: Account) => {
  const server = await startAws(account);
  t.after(() => server.close());
  const clients = awsClients({ region: REGION, endpoint: server.endpoint });
  return allChecks({ ...INTENT, ...intent }, MACHINE, { region: REGION, from: '--region' }, clients);
};

const LIMIT_MS = 8000;

const examine = async (t: TestContext, intent: Partial<Intent>, account: Account) =>
  runChecks(await checksOf(t, intent, account), LIMIT_MS);

/** A sound account, but for what it says to some operations. */
const but =
  (answers: Readonly<Record<string, Said | ((input: Readonly<Record<string, unknown>>) => Said)>>): Account =>
  (operation, input) => {
    const answer = answers[operation];
    if (answer === undefined) return soundAccount(operation, input);
    return typeof answer === 'function' ? answer(input) : answer;
  };

const of = (findings: readonly Finding[], check: string): Finding => {
  const found = findings.find((finding) => finding.check === check);
  assert.ok(found, `no finding of ${check}`);
  return found;
};

const statuses = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ status }) => status !== 'ok').map(({ check, status }) => `${check}: ${status}`);

test('in a sound account nothing is to be said', async (t) => {
  const intent = { ingest: 'stream', greengrass: 'on', alertSms: '+821012345678' } as const;
  const findings = await examine(t, intent, soundAccount);
  assert.deepEqual(statuses(findings), []);
  assert.equal(findings.length, 17);
  assert.match(of(findings, 'Credentials').found, /account 123456789012/);
  assert.match(of(findings, 'Kinesis shards').found, /^needs 1 of 500 shards$/);
});

const CLOSED = {
  error: 'AccessDeniedException',
  message:
    'Only existing Timestream for LiveAnalytics customers can access the service. Reach out to AWS support, for more information.',
};

test('an account that Timestream is closed to is told to take the lake', async (t) => {
  for (const operation of ['ListDatabases', 'DescribeEndpoints']) {
    const findings = await examine(t, {}, but({ [operation]: CLOSED }));
    assert.deepEqual(statuses(findings), ['Timestream for LiveAnalytics: fail']);
    const { found, advice } = of(findings, 'Timestream for LiveAnalytics');
    assert.match(found, /closed to this account/);
    assert.match(String(advice), /--param store=lake/);
  }
});

test('who may not list databases is not told that Timestream is closed', async (t) => {
  const denied = {
    error: 'AccessDeniedException',
    message: 'User: ana is not authorized to perform: timestream:ListDatabases',
  };
  const findings = await examine(t, {}, but({ ListDatabases: denied }));
  assert.deepEqual(statuses(findings), ['Timestream for LiveAnalytics: warn']);
  assert.match(of(findings, 'Timestream for LiveAnalytics').found, /may not ask: .*not authorized/);
});

test('who takes direct is told what it cannot promise', async (t) => {
  const findings = await examine(t, { ingest: 'direct' }, soundAccount);
  assert.deepEqual(statuses(findings), ['Ingest: warn']);
  assert.match(of(findings, 'Ingest').found, /no order .*1 and 2 minutes, then waits for a redrive/);
});

test('with the lake nobody asks for Timestream', async (t) => {
  const findings = await examine(t, { store: 'lake' }, but({ ListDatabases: CLOSED }));
  assert.deepEqual(statuses(findings), []);
});

test('a new account, which has ten executions at once, is told to reserve none', async (t) => {
  const few = but({
    ListServiceQuotas: ({ ServiceCode }) =>
      ServiceCode === 'lambda'
        ? quotaList({ 'Concurrent executions': 10 })
        : quotaList(QUOTAS[String(ServiceCode)] ?? {}),
  });
  const reserving = await examine(t, {}, few);
  assert.deepEqual(statuses(reserving), ['Lambda concurrency: fail']);
  assert.match(String(of(reserving, 'Lambda concurrency').advice), /--param reserve=off/);
  assert.deepEqual(statuses(await examine(t, { cylinders: 10, reserve: 'off' }, few)), []);
  const large = await examine(t, { cylinders: 2000, ingest: 'direct', reserve: 'off' }, few);
  assert.equal(of(large, 'Lambda concurrency').status, 'fail');
});

test('quotas that may not be read are taken from the documents and called so', async (t) => {
  const denied = { error: 'AccessDeniedException', message: 'no servicequotas:ListServiceQuotas' };
  const findings = await examine(t, {}, but({ ListServiceQuotas: denied }));
  assert.deepEqual(statuses(findings), ['Lambda concurrency: warn', 'Service quotas: warn']);
  assert.match(of(findings, 'Service quotas').found, /\(denied\)/);
  assert.match(
    of(findings, 'IoT publishes').found,
    /^needs 30 of 2,000 a second \(AWS's documented default\)$/,
  );
});

test('a plant that is too large for a quota is told before the deploy', async (t) => {
  const findings = await examine(t, { cylinders: 100_000, ingest: 'stream', reserve: 'off' }, soundAccount);
  assert.equal(of(findings, 'IoT publishes').status, 'fail');
  assert.match(of(findings, 'IoT publishes').found, /needs 30,000 of 20,000/);
  assert.match(String(of(findings, 'IoT publishes').advice), /Service Quotas/);
});

test('throttling is a warning, and asks to come back', async (t) => {
  const throttled = { error: 'ThrottlingException', message: 'Rate exceeded' };
  const findings = await examine(t, {}, but({ DescribeEndpoint: throttled, ListServiceQuotas: throttled }));
  assert.equal(of(findings, 'IoT endpoint').status, 'warn');
  assert.match(String(of(findings, 'IoT endpoint').advice), /in a minute/);
  assert.match(of(findings, 'Service quotas').found, /\(throttled\)/);
});

const BAD_CREDENTIALS: readonly (readonly [name: string, form: RegExp])[] = [
  ['ExpiredToken', /not accepted: /],
  ['InvalidClientTokenId', /not accepted: /],
  ['SignatureDoesNotMatch', /not accepted: /],
];

for (const [error, form] of BAD_CREDENTIALS) {
  test(`credentials that are refused with ${error} stop a deploy, and the other checks still run`, async (t) => {
    const refused = { error, message: 'The security token is not good', status: 403 };
    const findings = await examine(t, {}, but({ GetCallerIdentity: refused, DescribeEndpoint: refused }));
    assert.deepEqual(statuses(findings), ['Credentials: fail', 'IoT endpoint: warn']);
    assert.match(of(findings, 'Credentials').found, form);
    assert.match(String(of(findings, 'Credentials').advice), /aws sso login/);
  });
}

test('a service that never answers holds nobody up', async (t) => {
  const checks = await checksOf(t, {}, but({ DescribeEndpoint: 'silence' }));
  let waiting = checks.length;
  const allButOne = Promise.withResolvers<void>();
  const counted = checks.map(({ name, run }) => ({
    name,
    run: async () => {
      const found = await run();
      waiting -= 1;
      if (waiting === 1) allButOne.resolve();
      return found;
    },
  }));
  // The clock stands until all others were answered, however long that takes.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const examined = runChecks(counted, LIMIT_MS);
  await allButOne.promise;
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(LIMIT_MS);
  const findings = await examined;
  assert.deepEqual(statuses(findings), ['IoT endpoint: warn']);
  assert.match(of(findings, 'IoT endpoint').found, /no answer: nothing within 8 s/);
});

test('without a network the credentials fail, and nothing is called sound that was not asked', async () => {
  const clients = awsClients({ region: REGION, endpoint: 'http://127.0.0.1:9' });
  const findings = await runChecks(
    allChecks(INTENT, MACHINE, { region: REGION, from: 'AWS_REGION' }, clients),
    8000,
  );
  assert.equal(of(findings, 'Credentials').status, 'fail');
  assert.match(of(findings, 'Credentials').found, /AWS does not answer/);
  assert.equal(of(findings, 'Timestream for LiveAnalytics').status, 'warn');
  assert.equal(of(findings, 'IoT endpoint').status, 'warn');
});

const SANDBOX: readonly (readonly [numbers: string, status: string, form: RegExp])[] = [
  ['+821012345678', 'ok', /sandbox, and these numbers are verified/],
  ['+821012345678,+14155550100', 'fail', /\+14155550100 not verified/],
  ['+4915112345678', 'fail', /\+4915112345678 not verified/],
  ['01012345678', 'fail', /01012345678: no number/],
];

for (const [alertSms, status, form] of SANDBOX) {
  test(`in the SMS sandbox ${alertSms} is ${status}`, async (t) => {
    const account = but({
      GetSMSSandboxAccountStatus: { result: { IsInSandbox: true } },
      ListSMSSandboxPhoneNumbers: {
        result: {
          PhoneNumbers: [
            { PhoneNumber: '+821012345678', Status: 'Verified' },
            { PhoneNumber: '+4915112345678', Status: 'Pending' },
          ],
        },
      },
    });
    const finding = of(await examine(t, { alertSms }, account), 'Text messages');
    assert.equal(finding.status, status);
    assert.match(finding.found, form);
  });
}

test('a region without a core is a warning where Greengrass is on', async (t) => {
  const missing = { error: 'ResourceNotFoundException', message: 'no such alias', status: 404 };
  const findings = await examine(t, { greengrass: 'on' }, but({ DescribeRoleAlias: missing }));
  assert.deepEqual(statuses(findings), ['Greengrass: warn']);
});

test('a plant that needs more of a function than is reserved for it is told which', async (t) => {
  const findings = await examine(t, { cylinders: 20_000, ingest: 'direct' }, soundAccount);
  assert.match(of(findings, 'Reserved concurrency').found, /store has 25 and needs \d+/);
  const small = await examine(t, { cylinders: 100 }, soundAccount);
  assert.ok(!small.some(({ check }) => check === 'Reserved concurrency'));
});
