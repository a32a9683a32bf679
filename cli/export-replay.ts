import { Command } from 'commander';
import { readStoredTelemetry, replayLines } from '../backtest/recordings/read-stored-telemetry.ts';
import { filesIn } from '../local/run/data-folder.ts';
import { name } from './options/option-value.ts';
import { readPolicyFile } from './options/policy-file.ts';
import { say, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

type Options = Readonly<{ cylinder: string; data: string; policy?: string }>;

const exportReplay = async ({ cylinder, data, policy }: Options): Promise<void> => {
  const book = await readPolicyFile(policy);
  const opened = await readStoredTelemetry(filesIn(data).telemetry);
  if (!opened.ok) throw new UsageError(opened.message);
  const { recording } = opened;
  let messages = 0;
  // What is said before the first message, that is the policy, waits for one: without any nothing is to be said.
  let before: readonly string[] = [];
  try {
    for await (const line of replayLines(recording, cylinder, book.of(cylinder))) {
      if ('topic' in line) messages += 1;
      before = [...before, JSON.stringify(line)];
      if (messages === 0) continue;
      writeLine(before.join('\n'));
      before = [];
    }
  } finally {
    recording.close();
  }
  if (messages === 0) throw new UsageError(`${data} holds no samples of ${cylinder}`);
  say(`${messages} messages of ${cylinder}; what people asked for is not among them`);
};

/** `sentinel export-replay --cylinder … | sentinel replay`: an incident once more, from what was stored. */
export const exportReplayCommand = (): Command =>
  new Command('export-replay')
    .description('print what is stored of a cylinder as input of sentinel replay: policy, messages, ticks')
    .requiredOption('--cylinder <name>', 'which cylinder', name)
    .option('--data <folder>', 'the data folder of a pipeline that is not running', 'sentinel-data')
    .option('--policy <file>', 'the policy that held (default: the built-in policy)')
    .action(exportReplay);
