import { Command } from 'commander';
import { type Bench, type BenchSize, figureLine, isMet } from './figure.ts';
import { machine } from './machine.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A bench that fails says so and leaves the others alone. */
const show = async ({ name, summary, isGate = false, run }: Bench, size: BenchSize): Promise<void> => {
  print(`\n${name}: ${summary}`);
  try {
    for await (const figure of run(size)) {
      print(typeof figure === 'string' ? `  ${figure}` : figureLine(figure));
      if (isGate && typeof figure !== 'string' && !isMet(figure)) process.exitCode = 1;
    }
  } catch (error) {
    print(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    if (isGate) process.exitCode = 1;
  }
};

/** The command line of some benches: all of them, or those that are named. */
export const runBenches = async (name: string, benches: readonly Bench[]): Promise<void> => {
  await new Command(name)
    .description('Measures what the parts cost beside what one would use instead, and prints targets.')
    .argument('[names...]', `which to run: ${benches.map((bench) => bench.name).join(', ')} (default: all)`)
    .option(
      '--rows <number>',
      'rows that a full store of the bench scale holds, 0 for none',
      Number,
      10_000_000,
    )
    .option('--seconds <number>', 'how long the benches scale and sources measure each load', Number, 60)
    .option('--days <number>', 'days of 100 cylinders that the bench query asks about', Number, 3)
    .addHelpText(
      'after',
      `\n${benches.map((bench) => `  ${bench.name.padEnd(10)}${bench.summary}`).join('\n')}`,
    )
    .action(async (names: readonly string[], size: BenchSize, command: Command) => {
      const unknown = names.find((asked) => !benches.some((bench) => bench.name === asked));
      if (unknown !== undefined) command.error(`there is no bench ${unknown}: see --help`);
      print(machine());
      for (const bench of benches)
        if (names.length === 0 || names.includes(bench.name)) await show(bench, size);
    })
    .parseAsync();
};
