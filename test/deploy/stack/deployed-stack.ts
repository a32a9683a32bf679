import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';
import { startMinistack } from '../emulator/start-ministack.ts';
import { startMoto } from '../emulator/start-moto.ts';
import { type Gate, startGate } from './gate.ts';
import { runSls } from './run-sls.ts';
import { startTroubledTimestream, type TroubledTimestream } from './timestream-trouble.ts';

/** A stack that `sls deploy` made, and the AWS of this machine on which it stands. */
export type DeployedStack = Readonly<{
  stage: string;
  name: string;
  endpoint: string;
  region: string;
  /** Settings for any client of the SDK. */
  client: Readonly<{ endpoint: string; region: string; credentials: Credentials }>;
  /** The environment in which `sls` and `sentinel` speak to it. */
  env: Readonly<Record<string, string>>;
  timestream: TroubledTimestream;
  /** Where records that reached Timestream can be read back. */
  timestreamEndpoint: string;
  /** Where the functions' calls of the ledger and of Timestream go through. */
  gates: Readonly<{ ledger: Gate; timestream: Gate }>;
  output(name: string): string;
  outputs: ReadonlyMap<string, string>;
  /** Deploys once more, with parameters changed as given from now on. */
  deploy(changed?: Parameters): Promise<string>;
  remove(): Promise<string>;
  /** Deploys another stage beside this one. */
  beside(stage: string, parameters: Parameters): Promise<DeployedStack>;
  /** What the emulator printed last, for a message about a failure. */
  log(): string;
  stop(): Promise<void>;
}>;

type Credentials = Readonly<{ accessKeyId: string; secretAccessKey: string }>;
type Parameters = Readonly<Record<string, string>>;
/** What all stages of this machine's AWS have in common. */
type Account = Omit<DeployedStack, 'stage' | 'name' | 'output' | 'outputs' | 'deploy' | 'remove' | 'beside'>;

const credentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Makes what `store=existing` finds there. */
const createTables = async (
  endpoint: string,
  region: string,
  { telemetryDatabase, telemetryTable, incidentsTable }: Parameters,
): Promise<void> => {
  if (telemetryDatabase === undefined) return;
  const client = new TimestreamWriteClient({ endpoint, region, credentials });
  await client.send(new CreateDatabaseCommand({ DatabaseName: telemetryDatabase }));
  for (const TableName of [telemetryTable, incidentsTable]) {
    await client.send(new CreateTableCommand({ DatabaseName: telemetryDatabase, TableName }));
  }
};

const deployStage = async (account: Account, stage: string, given: Parameters): Promise<DeployedStack> => {
  const { client, region, env } = account;
  const name = `cylinder-sentinel-${stage}`;
  const outputs = new Map<string, string>();
  let parameters = given;
  const sls = (command: string) => {
    const params = Object.entries(parameters).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
    return runSls([command, '--stage', stage, '--region', region, ...params], env);
  };
  const deploy = async (changed: Parameters = {}): Promise<string> => {
    parameters = { ...parameters, ...changed };
    const printed = await sls('deploy');
    const { Stacks } = await new CloudFormationClient(client).send(
      new DescribeStacksCommand({ StackName: name }),
    );
    outputs.clear();
    for (const { OutputKey = '', OutputValue = '' } of Stacks?.[0]?.Outputs ?? [])
      outputs.set(OutputKey, OutputValue);
    return printed;
  };
  await deploy();
  return {
    ...account,
    stage,
    name,
    outputs,
    output: (key) => {
      const value = outputs.get(key);
      if (value === undefined) throw new Error(`the stack has no output ${key}`);
      return value;
    },
    deploy,
    remove: () => sls('remove'),
    beside: (other, changed) => deployStage(account, other, { ...parameters, ...changed }),
  };
};

/** Starts the emulators and deploys with the parameters given. Rejects with what `sls` printed when that fails. */
export const deployStack = async (parameters: Parameters): Promise<DeployedStack> => {
  const moto = await startMoto();
  const timestream = await startTroubledTimestream(moto.endpoint);
  let behindLedger = '';
  const gates = {
    ledger: await startGate(() => behindLedger),
    timestream: await startGate(() => timestream.endpoint),
  };
  const ministack = await startMinistack({
    auth: true,
    env: {
      AWS_ENDPOINT_URL_TIMESTREAM_WRITE: gates.timestream.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: gates.ledger.endpoint,
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.5',
    },
  });
  const { endpoint, region } = ministack;
  behindLedger = endpoint;
  const client = { endpoint, region, credentials };
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const stop = async (): Promise<void> => {
    await ministack.stop();
    await gates.ledger.stop();
    await gates.timestream.stop();
    await timestream.stop();
    await moto.stop();
  };
  await createTables(moto.endpoint, region, parameters);
  const account = { endpoint, region, client, env, timestream, timestreamEndpoint: moto.endpoint, gates };
  try {
    return await deployStage({ ...account, log: ministack.output, stop }, 'test', parameters);
  } catch (cause) {
    await stop();
    throw new Error(`could not be deployed; the emulator said:\n${ministack.output()}`, { cause });
  }
};
