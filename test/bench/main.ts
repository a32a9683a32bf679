import { Command } from 'commander';
import { type Bench, figureLine } from './figure.ts';
import { foldBench } from './fold/fold-bench.ts';
import { idleBench } from './idle/idle-bench.ts';
import { machine } from './machine.ts';
import { pipelineBench } from './pipeline/pipeline-bench.ts';

const BENCHES: readonly Bench[] = [pipelineBench, foldBench, idleBench];

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A bench that fails says so and leaves the others alone: figures are for people, nothing is gated by them. */
const show = async ({ name, summary, run }: Bench): Promise<void> => {
  print(`\n${name}: ${summary}`);
  try {
    for await (const figure of run()) print(typeof figure === 'string' ? `  ${figure}` : figureLine(figure));
  } catch (error) {
    print(`  failed: ${error instanceof Error ? error.message : String(error)}`);
  }
};

await new Command('bench')
  .description('Measures what the parts cost beside what one would use instead, and prints targets.')
  .argument('[names...]', `which to run: ${BENCHES.map(({ name }) => name).join(', ')} (default: all)`)
  .addHelpText(
    'after',
    `\n${BENCHES.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}`,
  )
  .action(async (names: readonly string[], _, command: Command) => {
    const unknown = names.find((asked) => !BENCHES.some(({ name }) => name === asked));
    if (unknown !== undefined) command.error(`there is no bench ${unknown}: see --help`);
    print(machine());
    for (const bench of BENCHES) if (names.length === 0 || names.includes(bench.name)) await show(bench);
  })
  .parseAsync();
