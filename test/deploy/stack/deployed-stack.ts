import {
  CreateDatabaseCommand,
  CreateTableCommand,
  TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write';
import { startMinistack } from '../emulator/start-ministack.ts';
import { startMoto } from '../emulator/start-moto.ts';
import { type Aws, deployStage, type Parameters, type Stack } from './deploy-stage.ts';
import { type Gate, startGate } from './gate.ts';
import { connectLine } from './line-client.ts';
import { startTroubledTimestream, type TroubledTimestream } from './timestream-trouble.ts';

/** The AWS of this machine. */
type Emulated = Aws &
  Readonly<{
    endpoint: string;
    timestream: TroubledTimestream;
    /** Where records that reached Timestream can be read back. */
    timestreamEndpoint: string;
    /** Where the functions' calls of the ledger and of Timestream go through. */
    gates: Readonly<{ ledger: Gate; timestream: Gate }>;
    /** What the emulator printed last, for a message about a failure. */
    log(): string;
    stop(): Promise<void>;
  }>;

/** A stack that `sls deploy` made, and the AWS of this machine on which it stands. */
export type DeployedStack = Stack &
  Emulated &
  Readonly<{
    /** Deploys another stage beside this one, with parameters that differ as given. */
    beside(stage: string, changed: Parameters): Promise<DeployedStack>;
  }>;

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

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

const deployTo = async (aws: Emulated, stage: string, parameters: Parameters): Promise<DeployedStack> => ({
  ...aws,
  ...(await deployStage(aws, stage, parameters)),
  beside: (other, changed) => deployTo(aws, other, { ...parameters, ...changed }),
});

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
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: gates.timestream.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: gates.ledger.endpoint,
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.5',
    },
  });
  const { endpoint, region } = ministack;
  behindLedger = endpoint;
  const aws: Emulated = {
    endpoint,
    region,
    client: { endpoint, region, credentials },
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    connect: (clientId) => connectLine({ endpoint, region }, clientId),
    cylinder: (short) => short,
    timestream,
    timestreamEndpoint: moto.endpoint,
    gates,
    log: ministack.output,
    stop: async () => {
      await ministack.stop();
      await gates.ledger.stop();
      await gates.timestream.stop();
      await timestream.stop();
      await moto.stop();
    },
  };
  try {
    await createTables(moto.endpoint, region, parameters);
    return await deployTo(aws, 'test', parameters);
  } catch (cause) {
    await aws.stop();
    throw new Error(`could not be deployed; the emulator said:\n${ministack.output()}`, { cause });
  }
};
