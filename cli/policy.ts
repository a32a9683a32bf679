import { Command } from 'commander';
import { checkRecording } from '../backtest/check-recording.ts';
import { mapOption, readMapFile, readPolicyFor, tableMapFor } from './options/map-file.ts';
import { name } from './options/option-value.ts';
import { readPolicyFile } from './options/policy-file.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

const check = async (
  file: string,
  { input = [], map }: Readonly<{ input?: readonly string[]; map?: string }>,
): Promise<void> => {
  const mapping = await readMapFile(map);
  const book = await readPolicyFor(file, mapping);
  const tables = await tableMapFor(mapping, undefined);
  writeLine(`${file}: good`);
  for (const recording of input) {
    const checked = await checkRecording(recording, book, tables);
    if (!checked.ok) throw new UsageError(checked.message);
    for (const warning of checked.warnings) writeLine(`warning: ${recording}: ${warning}`);
  }
};

/** `sentinel policy check FILE` and `sentinel policy show`: the rules of the alarm as a file, and as they hold. */
export const policyCommand = (): Command =>
  new Command('policy')
    .description('check a policy file, or show what holds for a cylinder')
    .addCommand(
      new Command('check')
        .description('say what is wrong with a policy file, field by field')
        .argument('<file>', 'the policy file')
        .option(
          '--input <recording...>',
          'say too what does not fit recordings (CSV, Parquet or telemetry.duckdb): patterns, samplePeriodMs, warmUpMs',
        )
        .addOption(mapOption())
        .action(check),
    )
    .addCommand(
      new Command('show')
        .description('print the whole policy that holds for a cylinder, defaults filled in')
        .option('--cylinder <name>', 'which cylinder (default: those that no pattern fits)', name)
        .option('--policy <file>', 'the policy file (default: the built-in policy)')
        .action(async ({ cylinder, policy }: Readonly<{ cylinder?: string; policy?: string }>) => {
          const book = await readPolicyFile(policy);
          writeLine(JSON.stringify(cylinder === undefined ? book.default : book.of(cylinder), null, 2));
        }),
    );
