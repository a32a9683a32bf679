import { Command, Option } from 'commander';
import type { TwinClient } from '../usecases/ports/twin-client.ts';
import {
  type AwsOptions,
  clientSettings,
  endpointOption,
  profileOption,
  regionOption,
} from './options/aws-options.ts';
import { brokerUrl, name } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';
import { twinLines } from './twin/twin-lines.ts';

/** Where the twins are: at a broker, or with AWS. */
export type TwinOptions = AwsOptions & Readonly<{ to: string; aws?: boolean }>;

/** Lets a command say where the twins are. */
export const withTwinOptions = (command: Command): Command =>
  command
    .option('--to <url>', 'the broker', brokerUrl, 'mqtt://127.0.0.1:1883')
    .addOption(new Option('--aws', 'ask AWS, where the pipeline is deployed').conflicts('to'))
    .addOption(regionOption().conflicts('to').implies({ aws: true }))
    .addOption(profileOption().conflicts('to').implies({ aws: true }))
    .addOption(endpointOption().conflicts('to').implies({ aws: true }));

/** Reaches the twins; what is not needed for that is not loaded. */
export const openTwins = async ({ to, aws = false, ...options }: TwinOptions): Promise<TwinClient> => {
  if (aws) return (await import('../aws/shadow/twin-client.ts')).createTwinClient(clientSettings(options));
  return (await import('../local/shadow/mqtt-twins.ts')).connectTwins(to);
};

type Options = TwinOptions & Readonly<{ cylinder: string; json?: boolean }>;

/** `sentinel twin --cylinder …`: what the twin of a cylinder reports, and what is desired of it. */
export const twinCommand = (): Command =>
  withTwinOptions(
    new Command('twin')
      .description('what the twin of a cylinder says: condition, incident, quality, who said what')
      .requiredOption('--cylinder <name>', 'which cylinder', name)
      .option('--json', 'what it reports and what is desired of it, as JSON'),
  ).action(async ({ cylinder, json = false, ...where }: Options) => {
    const twins = await openTwins(where);
    try {
      const twin = await twins.get(cylinder);
      if (twin === null)
        throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
      const { reported, desired, now } = twin;
      if (json) writeLine(JSON.stringify({ reported, desired }, null, 2));
      else for (const line of twinLines(cylinder, reported, now)) writeLine(line);
    } finally {
      await twins.close();
    }
  });
