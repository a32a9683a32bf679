import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { defaultParameters } from './default-parameters.ts';
import { frameworkWith } from './fragment.ts';

const checkParameters = createRequire(import.meta.url)('../../../infra/check-parameters.cjs');
const checked = v.object({ faults: v.array(v.string()) });

type Given = Readonly<Record<string, string>>;

/** What is refused of parameters, in a stage and a region. */
const faultsOf = async (given: Given, { stage = 'dev', region = 'eu-central-1' } = {}) => {
  const parameters = { ...defaultParameters(), ...given };
  const variables = Object.entries(parameters).map(([name, value]) => [`param:${name}`, value]);
  const framework = frameworkWith({
    ...Object.fromEntries(variables),
    'sls:stage': stage,
    'self:provider.region': region,
  });
  const { faults } = v.parse(
    checked,
    await checkParameters.checked({
      ...framework,
      options: { param: Object.entries(given).map(([name, value]) => `${name}=${value}`) },
      resolveConfigurationProperty: async () => defaultParameters(),
    }),
  );
  return faults;
};

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:plant-alerts';
const EXISTING = { telemetryDatabase: 'plant', telemetryTable: 'samples', incidentsTable: 'incidents' };

const TAKEN: readonly Given[] = [
  {},
  { site: '부산 공장 2' },
  { site: 'Werk "Süd" – Halle 3/4' },
  { site: 'x' },
  { site: '工'.repeat(64) },
  { topicPrefix: 'plant7' },
  { topicPrefix: 'a/b/c/d/e/f' },
  { topicPrefix: '공장/ml' },
  { alertEmail: 'ops@example.com, night+shift@example.co.kr' },
  { alertSms: '+821012345678,+4915112345678' },
  { alertChat: 'T0123ABCD/C0456EFGH' },
  { alertChat: 'T0123ABCD/G0456EFGH' },
  { alertTopic: TOPIC },
  { operatorEmail: 'cloud@example.com' },
  { logDays: '1' },
  { logDays: '3653' },
  { store: 'existing', ...EXISTING },
  {
    greengrass: 'on',
    greengrassBucket: 'parts',
    greengrassTarget: 'arn:aws:iot:eu-central-1:123456789012:thinggroup/lines',
  },
  { policy: 'docs/policies/advisory.json' },
];

const LOG_DAYS = '1 or 3 or 5 or 7 or 14 or 30 or 60 or 90 or 120 or 150 or 180 or 365 or 400 or 545 or 731';
const EMAIL = 'an e-mail address as ops@example.com';
const PHONE = 'a phone number with its country as +821012345678';
const SITE = 'a name of at most 64 characters, in one line and without blanks at either end';
const CHAT = 'the Slack workspace and channel as T…/C…';
const SQL = 'must have no quotes, backslashes or blanks: it stands in the SQL of the rule';
const LEVEL = 'must have no empty level and no slash at either end';

const REFUSED: readonly (readonly [given: Given, ...faults: readonly (string | RegExp)[]])[] = [
  [{ alertMail: 'a@example.com' }, /^alertMail is none of the parameters: site, topicPrefix, /],
  [{ ingest: 'kinesis' }, 'ingest must be stream or direct, not "kinesis"'],
  [{ streamHours: '23' }, 'streamHours must be a number from 24 to 8760, not "23"'],
  [{ logDays: '31' }, new RegExp(`^logDays must be ${LOG_DAYS} or .*, not "31"$`)],
  [{ logDays: '0' }, /^logDays must be .*, not "0"$/],
  [{ site: 'a\nb' }, `site must be ${SITE}, not "a\nb"`],
  [{ site: ' a' }, `site must be ${SITE}, not " a"`],
  [{ site: 'x'.repeat(65) }, /^site must be /],
  [
    { alertEmail: 'ops@example.com,ops@, @example.com' },
    `alertEmail must be ${EMAIL}, not "ops@"`,
    /"@example/,
  ],
  [{ alertEmail: 'ops@example.com;night@example.com' }, /^alertEmail must be /],
  [{ operatorEmail: 'cloud' }, `operatorEmail must be ${EMAIL}, not "cloud"`],
  [{ alertSms: '01012345678' }, `alertSms must be ${PHONE}, not "01012345678"`],
  [{ alertSms: '+82 10 1234 5678' }, /^alertSms must be /],
  [{ alertChat: 'T0123ABCD' }, `alertChat must be ${CHAT}, not "T0123ABCD"`],
  [{ alertChat: '#line-3' }, `alertChat must be ${CHAT}, not "#line-3"`],
  [{ alertTopic: 'plant-alerts' }, 'alertTopic must be the ARN of an SNS topic, not "plant-alerts"'],
  [{ alertTopic: `${TOPIC}.fifo` }, /^alertTopic must be the ARN of an SNS topic/],
  [{ alertTopic: 'arn:aws:sqs:eu-central-1:123456789012:q' }, /^alertTopic must be the ARN/],
  [{ topicPrefix: 'a/+' }, 'topicPrefix must have no wildcard, not "a/+"'],
  [{ topicPrefix: 'a/#' }, 'topicPrefix must have no wildcard, not "a/#"'],
  [{ topicPrefix: "plant's" }, `topicPrefix ${SQL}, not "plant's"`],
  [{ topicPrefix: 'a b' }, `topicPrefix ${SQL}, not "a b"`],
  [{ topicPrefix: '/a' }, `topicPrefix ${LEVEL}, not "/a"`],
  [{ topicPrefix: 'a/' }, `topicPrefix ${LEVEL}, not "a/"`],
  [{ topicPrefix: 'a//b' }, `topicPrefix ${LEVEL}, not "a//b"`],
  [{ topicPrefix: '$aws/things' }, /^topicPrefix must not begin with \$: AWS keeps those topics for itself/],
  [{ topicPrefix: 'a/b/c/d/e/f/g' }, 'topicPrefix must have at most 6 levels, not "a/b/c/d/e/f/g"'],
  [{ topicPrefix: 'x'.repeat(129) }, /^topicPrefix must have at most 128 bytes, not /],
  [{ timezone: 'Seoul' }, 'timezone must be an IANA time zone such as Asia/Seoul, not "Seoul"'],
  [{ store: 'existing', ...EXISTING, incidentsTable: '' }, 'incidentsTable is needed with store=existing'],
  [{ store: 'lake', lakeBucket: 's3://lake' }, /^lakeBucket must be the name of a bucket, without s3/],
  [{ lakeBucket: 'lake' }, 'lakeBucket is for store=lake'],
  [
    { greengrass: 'on', greengrassTarget: 'lines', greengrassConfiguration: '[1]' },
    'greengrassBucket is needed with greengrass=on',
    'greengrassTarget must be the ARN of a thing or a thing group, not "lines"',
    'greengrassConfiguration must be a JSON object such as {"source":"socket"}, not "[1]"',
  ],
  [{ telemetryDatabase: 'a*' }, /^telemetryDatabase must be 3 to 256 letters/],
  [{ policy: 'none.json' }, /^the policy file none.json cannot be read as JSON: ENOENT/],
  [
    { alertSms: 'x', logDays: '2', policy: 'none.json' },
    /^alertSms must be/,
    /^logDays must be/,
    /^the policy file/,
  ],
];

const assertFaults = (faults: readonly string[], expected: readonly (string | RegExp)[]): void => {
  assert.equal(faults.length, expected.length, faults.join('\n'));
  expected.forEach((one) => {
    assert.ok(
      faults.some((fault) => (typeof one === 'string' ? fault === one : one.test(fault))),
      `${one} is none of:\n${faults.join('\n')}`,
    );
  });
};

describe('parameters of a deploy', () => {
  for (const given of TAKEN)
    it(`takes ${JSON.stringify(given)}`, async () => assert.deepEqual(await faultsOf(given), []));

  it('refuses what the framework cannot even read, such as an empty variable of a script', () => {
    assert.deepEqual(
      checkParameters.unreadable({ param: ['alertEmail=', 'reserve', 'site=a=b'], stage: 'a b' }),
      [
        '--param alertEmail= has no value: write --param name=value, or leave it out for the default',
        '--param reserve has no value: write --param name=value, or leave it out for the default',
        'stage must be of letters, digits and hyphens, not "a b"',
      ],
    );
    assert.deepEqual(checkParameters.unreadable({ param: 'site=x' }), []);
    assert.deepEqual(checkParameters.unreadable({}), []);
  });

  for (const [given, ...expected] of REFUSED)
    it(`refuses ${JSON.stringify(given)} by name`, async () => assertFaults(await faultsOf(given), expected));

  it('takes a topic only of the region and partition that is deployed to', async () => {
    const cases: readonly (readonly [arn: string, region: string, fault: RegExp | null])[] = [
      [TOPIC, 'eu-central-1', null],
      [TOPIC, 'us-east-1', /a topic of aws in us-east-1, .* not one of aws in eu-central-1$/],
      ['arn:aws-cn:sns:cn-north-1:123456789012:t', 'cn-north-1', null],
      [
        'arn:aws:sns:cn-north-1:123456789012:t',
        'cn-north-1',
        /of aws-cn in cn-north-1, .* of aws in cn-north-1$/,
      ],
      ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:t', 'us-gov-west-1', null],
      [
        'arn:aws-us-gov:sns:us-gov-west-1:123456789012:t',
        'us-west-1',
        /not one of aws-us-gov in us-gov-west-1$/,
      ],
      ['arn:aws-iso-b:sns:us-isob-east-1:123456789012:t', 'us-isob-east-1', null],
    ];
    for (const [alertTopic, region, fault] of cases)
      assertFaults(await faultsOf({ alertTopic }, { region }), fault === null ? [] : [fault]);
  });

  it('takes a stage of which every name can be made', async () => {
    assert.deepEqual(await faultsOf({}, { stage: 'x'.repeat(38) }), []);
    assertFaults(await faultsOf({}, { stage: 'x'.repeat(39) }), [/^stage must have at most 38 characters/]);
    assert.deepEqual(await faultsOf({}, { stage: 'Busan' }), []);
    assertFaults(await faultsOf({ store: 'lake' }, { stage: 'Busan' }), [/^stage must be in lower case/]);
  });

  it('names every fault of a policy file, whatever is misspelt in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-policy-'));
    try {
      const policy = join(folder, 'policy.json');
      await writeFile(policy, JSON.stringify({ default: { threshold: 2 }, cylnders: {} }));
      assert.deepEqual(await faultsOf({ policy }), [
        `${policy}: cylnders is no part of a policy file, which has default and cylinders`,
        `${policy}: default.threshold must be a number from 0 to 1`,
      ]);
      await writeFile(policy, JSON.stringify({ cylinders: { ['x'.repeat(3100)]: {} } }));
      assertFaults(await faultsOf({ policy }), [/a policy must have at most 3072 bytes as compact JSON$/]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
