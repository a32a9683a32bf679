import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { LineClient } from './line-client.ts';
import { runSls } from './run-sls.ts';

export type Parameters = Readonly<Record<string, string>>;

/** An AWS to deploy to: one of this machine, or a real one. */
export type Aws = Readonly<{
  region: string;
  /** Settings for any client of the SDK. */
  client: Readonly<{
    region: string;
    endpoint?: string;
    credentials?: Readonly<{ accessKeyId: string; secretAccessKey: string }>;
  }>;
  /** The environment in which `sls` and `sentinel` speak to it. */
  env: Readonly<Record<string, string>>;
  /** Connects somebody who publishes. */
  connect(clientId: string): Promise<Pick<LineClient, 'publish' | 'close'>>;
  /** A cylinder's name for its short one: shadows are the whole account's. */
  cylinder(short: string): string;
}>;

/** A stack that `sls deploy` made. */
export type Stack = Aws &
  Readonly<{
    stage: string;
    name: string;
    output(name: string): string;
    outputs: ReadonlyMap<string, string>;
    /** Deploys once more, with parameters changed as given from now on. */
    deploy(changed?: Parameters): Promise<string>;
    remove(): Promise<string>;
  }>;

/** Deploys a stage with the parameters given. Rejects with what `sls` printed when that fails. */
export const deployStage = async (aws: Aws, stage: string, given: Parameters): Promise<Stack> => {
  const name = `cylinder-sentinel-${stage}`;
  const outputs = new Map<string, string>();
  let parameters = given;
  const sls = (command: string) => {
    const params = Object.entries(parameters).flatMap(([key, value]) => ['--param', `${key}=${value}`]);
    return runSls([command, '--stage', stage, '--region', aws.region, ...params], aws.env);
  };
  const deploy = async (changed: Parameters = {}): Promise<string> => {
    parameters = { ...parameters, ...changed };
    const printed = await sls('deploy');
    const { Stacks } = await new CloudFormationClient(aws.client).send(
      new DescribeStacksCommand({ StackName: name }),
    );
    outputs.clear();
    for (const { OutputKey = '', OutputValue = '' } of Stacks?.[0]?.Outputs ?? [])
      outputs.set(OutputKey, OutputValue);
    return printed;
  };
  await deploy();
  return {
    ...aws,
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
  };
};
