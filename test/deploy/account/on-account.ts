import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { env, stdout } from 'node:process';
import { after, before, describe, test } from 'node:test';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { commandCases } from '../pipeline/command-cases.ts';
import { garbageCases } from '../pipeline/garbage-cases.ts';
import { incidentCases } from '../pipeline/incident-cases.ts';
import { lakeCases } from '../pipeline/lake-cases.ts';
import { redriveCases } from '../pipeline/redrive-cases.ts';
import { type Aws, deployStage, type Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { lakeStore } from '../stack/lake-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { permitOf, requireAccount } from './budget.ts';
import { cleanUp } from './clean-up.ts';

// Asked before anything else: without a permit nothing is called.
const permit = permitOf(env);

/** Nobody's stage, nobody's topics and nobody's things. */
const STAGE = `account-${randomBytes(4).toString('hex')}`;

const PARAMETERS = {
  store: 'lake',
  // A new account refuses any reservation.
  reserve: 'off',
  topicPrefix: `${STAGE}/inference`,
  policy: 'test/deploy/stack/short-policy.json',
  site: 'hall-2',
};

const { region } = permit;

const aws: Aws = {
  region,
  client: { region },
  env: { AWS_REGION: region },
  cylinder: (short) => `${STAGE}-${short}`,
  // A connection takes a certificate, which would be one more thing to leave behind.
  connect: () => {
    const dataPlane = new IoTDataPlaneClient({ region });
    return Promise.resolve({
      publish: async (topic, payload) => {
        await dataPlane.send(new PublishCommand({ topic, payload: Buffer.from(payload), qos: 1 }));
      },
      close: () => Promise.resolve(dataPlane.destroy()),
    });
  },
};

describe(`a stack on the account ${permit.account}, ${region}, stage ${STAGE}`, () => {
  let plant: Plant<Stack>;
  let isOurs = false;

  before(async () => {
    const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
    requireAccount(permit, Account);
    isOurs = true;
    stdout.write(`Deploys ${STAGE}; at most $${permit.estimatedUsd.toFixed(2)} of $${permit.maxUsd}.\n`);
    const stack = await deployStage(aws, STAGE, PARAMETERS);
    plant = await openPlant(stack, lakeStore(stack));
  });

  after(async () => {
    if (!isOurs) return;
    await plant?.close();
    const given = Object.entries(PARAMETERS).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
    const stayed = await cleanUp(aws, STAGE, given);
    stdout.write(['', `What stayed in ${permit.account}, ${region}:`, ...stayed, ''].join('\n'));
    const costly = stayed.filter((line) => !line.includes('costs nothing'));
    assert.deepEqual(costly, [], 'delete these by hand');
  });

  incidentCases(() => plant);
  commandCases(() => plant);
  garbageCases(() => plant);
  lakeCases(() => plant);
  redriveCases(() => plant);

  test('the canary comes out as a notice by its own schedule', async () => {
    const sqs = new SQSClient(aws.client);
    const QueueUrl = plant.stack.output('CanaryQueueUrl');
    const { Messages: [notice] = [] } = await eventually(
      () => sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 })),
      ({ Messages = [] }) => Messages.length > 0,
    );
    assert.match(notice?.Body ?? '', /sentinel-canary@\d+/);
  });
});
