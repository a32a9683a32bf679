import { Command } from 'commander';
import { brokerUrl, name } from './option-value.ts';
import { writeLine } from './output.ts';
import { connectTwins } from './twin-client.ts';
import { UsageError } from './usage-error.ts';

/** `sentinel twin --cylinder …`: what the twin of a cylinder reports, and what is desired of it. */
export const twinCommand = (): Command =>
  new Command('twin')
    .description('print the twin of a cylinder as JSON')
    .requiredOption('--cylinder <name>', 'which cylinder', name)
    .option('--to <url>', 'the broker', brokerUrl, 'mqtt://127.0.0.1:1883')
    .action(async ({ cylinder, to }: Readonly<{ cylinder: string; to: string }>) => {
      const twins = await connectTwins(to);
      try {
        const twin = await twins.get(cylinder);
        if (twin === null)
          throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
        writeLine(JSON.stringify(twin, null, 2));
      } finally {
        await twins.close();
      }
    });
