import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { replacedUnderTheirNames } from '../../aws/template/physical-names.ts';
import { serviceFaults } from '../../aws/template/service-faults.ts';
import { FORCED_WILDCARDS } from './forced-wildcards.ts';
import { lint } from './lint-tool.ts';
import { buildEdge, packageStack, ROOT, resourcesOf, type Template, templateFile } from './package-stack.ts';
import { COMBINATIONS, nameOf, type Parameters } from './parameter-combinations.ts';
import { type Grant, grantsOf } from './statements.ts';

type Packaged = Readonly<{ parameters: Parameters; folder: string; template: Template }>;

const PROMISED = [
  'InferenceTopicFilter',
  'AlertTopicArn',
  'OperatorTopicArn',
  'LedgerTableName',
  'TelemetryDatabaseName',
  'TelemetryTableName',
  'QuarantineBucketName',
  'DeadLetterQueueUrl',
];

const promisedFor = ({ ingest, store, desk }: Parameters): readonly string[] => [
  ...PROMISED,
  ...(ingest === 'stream' ? ['InferenceStreamName'] : []),
  ...(desk === 'on' ? ['DeskUrl', 'DeskUserPoolId'] : []),
  ...(store === 'lake' ? ['LakeBucketName', 'AthenaWorkgroupName'] : []),
];

/** What holds data that nobody can bring back. */
const KEPT = [
  'AWS::Cognito::UserPool',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::DynamoDB::Table',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
  'AWS::KinesisFirehose::DeliveryStream',
];

const answers = ({ actions, resource }: Grant) =>
  FORCED_WILDCARDS.filter(
    (forced) => forced.resource === resource && actions.every((action) => forced.actions.includes(action)),
  );

describe('the packaged stack, in every combination of parameters', () => {
  let temporary = '';
  const stacks: Packaged[] = [];
  const templates = () => stacks.map(({ folder }) => templateFile(folder));

  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'sentinel-template-'));
    await buildEdge();
    for (const parameters of COMBINATIONS) {
      const folder = join(temporary, nameOf(parameters));
      stacks.push({ parameters, folder, template: await packageStack(parameters, folder) });
    }
  });
  after(() => rm(temporary, { recursive: true, force: true }));

  it('has no error that cfn-lint knows', async () => {
    const { code, output } = await lint(
      'cfn-lint',
      ['--non-zero-exit-code', 'error', '--ignore-checks', 'W', 'I', '--', ...templates()],
      temporary,
    );
    assert.equal(code, 0, output);
  });

  it('has no finding of checkov that infra/checkov.yml does not answer', async () => {
    const { code, output } = await lint(
      'checkov',
      ['--config-file', join(ROOT, 'infra', 'checkov.yml'), '--compact', '--quiet', '-f', ...templates()],
      temporary,
    );
    assert.equal(code, 0, output);
  });

  it('breaks no rule of a service that is known here', () => {
    for (const { parameters, template } of stacks)
      assert.deepEqual(serviceFaults(template.Resources), [], nameOf(parameters));
  });

  it('replaces nothing under the name that it has, whatever parameter changes', () => {
    for (const { parameters: before, template: one } of stacks) {
      for (const { parameters: after, template: other } of stacks) {
        assert.deepEqual(
          replacedUnderTheirNames(one.Resources, other.Resources),
          [],
          `${nameOf(before)} to ${nameOf(after)}`,
        );
      }
    }
  });

  it('has the outputs that others rely on', () => {
    for (const { parameters, template } of stacks) {
      const missing = promisedFor(parameters).filter((name) => template.Outputs[name] === undefined);
      assert.deepEqual(missing, [], nameOf(parameters));
    }
  });

  it('gives no role a wildcard that its service does not force', () => {
    for (const { parameters, template } of stacks) {
      const grants = grantsOf(template);
      const unanswered = grants.filter(
        (grant) =>
          grant.actions.some((action) => action.includes('*')) ||
          (grant.resource.includes('*') && answers(grant).length === 0),
      );
      assert.deepEqual(unanswered, [], nameOf(parameters));
    }
  });

  it('forces no wildcard that no role has', () => {
    const used = new Set(stacks.flatMap(({ template }) => grantsOf(template)).flatMap(answers));
    assert.deepEqual(
      FORCED_WILDCARDS.filter((forced) => !used.has(forced)),
      [],
    );
  });

  it('gives every function a role, a log and an architecture of its own choosing', () => {
    for (const { parameters, template } of stacks) {
      const traced = parameters.ingest === 'direct' ? { Mode: 'Active' } : undefined;
      const functions = [...resourcesOf(template, 'AWS::Lambda::Function')].filter(([name]) =>
        /^(Store|Watch|Command|Sweep|Notify|Twin|Canary|Desk)Lambda/.test(name),
      );
      const count = 6 + [parameters.canary, parameters.desk].filter((chosen) => chosen === 'on').length;
      assert.equal(functions.length, count);
      assert.equal(
        new Set(functions.map(([, { Properties }]) => JSON.stringify(Properties.Role))).size,
        count,
      );
      for (const [name, { Properties }] of functions) {
        assert.equal(Properties.Runtime, 'nodejs24.x', name);
        assert.deepEqual(Properties.Architectures, ['arm64'], name);
        assert.deepEqual(Properties.TracingConfig, traced, name);
      }
      for (const [name, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
        assert.equal(Properties.RetentionInDays, 30, name);
      }
    }
  });

  it('gives up no batch of a stream without keeping it as a dead letter', () => {
    for (const { parameters, template } of stacks) {
      const mappings = [...resourcesOf(template, 'AWS::Lambda::EventSourceMapping').values()];
      assert.equal(mappings.length, parameters.ingest === 'stream' ? 4 : 2);
      for (const { Properties } of mappings) {
        assert.deepEqual(Properties.FunctionResponseTypes, ['ReportBatchItemFailures']);
        assert.equal(Properties.BisectBatchOnFunctionError, true);
        // As long as a service is away, and no longer than the record can be read.
        assert.equal(Properties.MaximumRetryAttempts, -1);
        assert.ok(Number(Properties.MaximumRecordAgeInSeconds) > 0);
        // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html, BatchSize
        if (Number(Properties.BatchSize) > 10)
          assert.ok(Number(Properties.MaximumBatchingWindowInSeconds) >= 1);
        assert.deepEqual(Properties.DestinationConfig, {
          OnFailure: { Destination: { 'Fn::GetAtt': ['FailedBatches', 'Arn'] } },
        });
      }
    }
  });

  it('keeps as a dead letter every call that failed for good, and every message that a rule could not hand over', () => {
    for (const { template } of stacks) {
      // A round of the canary that failed is nothing to put back.
      const calls = [...resourcesOf(template, 'AWS::Lambda::EventInvokeConfig')].filter(
        ([name]) => !name.startsWith('Canary'),
      );
      assert.equal(calls.length, 4);
      for (const [, { Properties }] of calls) {
        assert.deepEqual(Properties.DestinationConfig, {
          OnFailure: { Destination: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
        });
      }
      for (const [name, { Properties }] of resourcesOf(template, 'AWS::IoT::TopicRule')) {
        assert.match(JSON.stringify(Properties), /"ErrorAction":\{"Sqs":/, name);
      }
    }
  });

  it('keeps what cannot be brought back when it is removed', () => {
    for (const { template } of stacks) {
      const lost = Object.entries(template.Resources).filter(
        ([name, { Type, DeletionPolicy }]) =>
          KEPT.includes(Type) &&
          name !== 'ServerlessDeploymentBucket' &&
          DeletionPolicy !== 'RetainExceptOnCreate',
      );
      assert.deepEqual(
        lost.map(([name]) => name),
        [],
      );
    }
  });

  it('has every alarm in docs/operations.md', async () => {
    const text = await readFile(join(ROOT, 'docs', 'operations.md'), 'utf8');
    const names = stacks.flatMap(({ template }) =>
      [...resourcesOf(template, 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) =>
        String(Properties.AlarmName)
          .replace('cylinder-sentinel-dev-', '')
          .replace(/^\w+-(failing|throttled|parking-failed)$/, '<function>-$1'),
      ),
    );
    assert.ok(names.length > 0);
    assert.deepEqual(
      [...new Set(names)].filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });

  for (const file of ['deploy.md', 'upgrade.md'])
    it(`has every parameter in docs/${file}`, async () => {
      const text = await readFile(join(ROOT, 'docs', file), 'utf8');
      const service = await readFile(join(ROOT, 'serverless.yml'), 'utf8');
      const block = /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(service)?.[1] ?? '';
      const names = [...block.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => `\`${name}\``);
      assert.ok(names.length > 20);
      assert.deepEqual(
        names.filter((name) => !text.includes(name)),
        [],
      );
    });
});
