import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkRegion, regionOf } from '../../../cli/doctor/check-account.ts';
import { checkEmail } from '../../../cli/doctor/check-alerts.ts';
import { checkPolicy, checkVersions } from '../../../cli/doctor/check-local.ts';
import { RESERVATIONS, RESERVED } from '../../../cli/doctor/check-services.ts';
import { fail, ok, troubleOf, warn } from '../../../cli/doctor/finding.ts';
import { doctorReport } from '../../../cli/doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
after(() => rmSync(folder, { recursive: true }));

const VERSIONS: readonly (readonly [node: string, npm: string | null, statuses: string])[] = [
  ['v24.21.0', '11.0.0', 'ok ok'],
  ['v20.19.0', '10.8.2', 'ok ok'],
  ['v20.18.3', '10.8.2', 'fail ok'],
  ['v21.7.0', '10.8.2', 'fail ok'],
  ['v22.13.0', '10.8.2', 'ok ok'],
  ['v22.12.0', '8.19.0', 'fail fail'],
  ['v23.11.0', '10.8.2', 'fail ok'],
  ['v26.1.0', null, 'ok fail'],
];

for (const [node, npm, expected] of VERSIONS) {
  test(`Node ${node} with npm ${npm} is ${expected}`, async () => {
    const findings = await checkVersions(node, () => Promise.resolve(npm)).run();
    assert.equal(findings.map(({ status }) => status).join(' '), expected);
  });
}

const REGIONS: readonly (readonly [
  option: string | undefined,
  environment: Record<string, string>,
  status: string,
  found: string,
])[] = [
  ['eu-central-1', { AWS_REGION: 'us-east-1' }, 'ok', 'eu-central-1, from --region'],
  [
    undefined,
    { AWS_REGION: 'ap-northeast-2', AWS_DEFAULT_REGION: 'us-east-1' },
    'ok',
    'ap-northeast-2, from AWS_REGION',
  ],
  [undefined, { AWS_DEFAULT_REGION: 'us-gov-west-1' }, 'ok', 'us-gov-west-1, from AWS_DEFAULT_REGION'],
  [undefined, {}, 'warn', 'not set: sls deploy takes us-east-1'],
  ['Frankfurt', {}, 'fail', 'Frankfurt, which is none'],
];

for (const [option, environment, status, found] of REGIONS) {
  test(`region ${option} with ${JSON.stringify(environment)} is ${status}`, async () => {
    const [finding] = await checkRegion(regionOf(option, environment)).run();
    assert.deepEqual([finding?.status, finding?.found], [status, found]);
  });
}

const ADDRESSES: readonly (readonly [address: string | undefined, status: string])[] = [
  [undefined, 'warn'],
  ['', 'warn'],
  ['ops@example.com', 'ok'],
  ['ops@example.com, ana@example.co.kr', 'ok'],
  ['ops', 'fail'],
  ['ops@example', 'fail'],
  ['ops@example.com,ana@', 'fail'],
];

for (const [address, status] of ADDRESSES) {
  test(`the address ${address} is ${status}`, async () => {
    assert.equal((await checkEmail(address).run())[0]?.status, status);
  });
}

const POLICIES: readonly (readonly [name: string, text: string | null, status: string, found: RegExp])[] = [
  ['sound', '{"default":{"latenessMs":5000}}', 'ok', /31 bytes$/],
  ['missing', null, 'fail', /cannot be read/],
  ['broken', '{', 'fail', /is not JSON/],
  ['odd', '{"default":{"latenessMs":"soon"}}', 'fail', /latenessMs/],
  [
    'large',
    JSON.stringify({
      cylinders: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`cyl-${i}`, {}])),
    }),
    'fail',
    /bytes as compact JSON/,
  ],
];

for (const [name, text, status, found] of POLICIES) {
  test(`a ${name} policy file is ${status}`, async () => {
    const file = join(folder, `${name}.json`);
    if (text !== null) writeFileSync(file, text);
    const [finding] = await checkPolicy(file).run();
    assert.equal(finding?.status, status, finding?.found);
    assert.match(String(finding?.found), found);
  });
}

const named = (name: string, code?: string): Error =>
  Object.assign(new Error('why'), { name, ...(code ? { code } : {}) });

const TROUBLES: readonly (readonly [error: unknown, kind: string])[] = [
  [named('CredentialsProviderError'), 'no-credentials'],
  [named('ExpiredTokenException'), 'bad-credentials'],
  [named('UnrecognizedClientException'), 'bad-credentials'],
  [named('AccessDenied'), 'denied'],
  [named('AuthorizationErrorException'), 'denied'],
  [named('ThrottlingException'), 'throttled'],
  [named('TooManyRequestsException'), 'throttled'],
  [named('Error', 'ENOTFOUND'), 'unreachable'],
  [named('TimeoutError'), 'unreachable'],
  [named('ValidationException'), 'poison'],
  [named('ResourceNotFoundException'), 'absent'],
  [named('InternalServerException'), 'retry'],
  ['text', 'retry'],
];

for (const [error, kind] of TROUBLES) {
  test(`${error instanceof Error ? `${error.name} ${'code' in error ? error.code : ''}` : error} is ${kind}`, () => {
    assert.equal(troubleOf(error).kind, kind);
  });
}

test('what is reserved for functions is what the deploy reserves', () => {
  const file = new URL('../../../infra/reserve-on.yml', import.meta.url);
  const reserved = [...readFileSync(file, 'utf8').matchAll(/reservedConcurrency: (\d+)/g)];
  assert.equal(
    reserved.reduce((sum, [, count]) => sum + Number(count), 0),
    RESERVED,
  );
  for (const [name, count] of Object.entries(RESERVATIONS))
    assert.match(readFileSync(file, 'utf8'), new RegExp(`${name}: \\{ reservedConcurrency: ${count} \\}`));
});

test('the report lines up, says what to do, and sums up; colours only where asked for', () => {
  const findings = [
    ok('Node', 'v24'),
    warn('Region', 'not set', 'set it'),
    fail('Credentials', 'none', 'log in'),
  ];
  assert.equal(
    doctorReport(findings, false),
    [
      'ok    Node         v24',
      'warn  Region       not set',
      '                   → set it',
      'fail  Credentials  none',
      '                   → log in',
      '',
      '1 to put right before a deploy, 1 to know of.',
      '',
    ].join('\n'),
  );
  assert.ok(doctorReport(findings, true).includes('\u001b[31mfail\u001b[0m'));
  assert.match(doctorReport([ok('Node', 'v24')], false), /\nReady to deploy\.\n$/);
});
