import { Command } from 'commander';
import { name } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';
import { openTwins, type TwinOptions, withTwinOptions } from './twin-options.ts';

/** `sentinel twin --cylinder …`: what the twin of a cylinder reports, and what is desired of it. */
export const twinCommand = (): Command =>
  withTwinOptions(
    new Command('twin')
      .description('print the twin of a cylinder as JSON')
      .requiredOption('--cylinder <name>', 'which cylinder', name),
  ).action(async ({ cylinder, ...where }: TwinOptions & Readonly<{ cylinder: string }>) => {
    const twins = await openTwins(where);
    try {
      const twin = await twins.get(cylinder);
      if (twin === null)
        throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
      writeLine(JSON.stringify(twin, null, 2));
    } finally {
      await twins.close();
    }
  });
