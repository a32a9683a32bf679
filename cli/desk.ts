import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import type { CommandType } from '../domain/alarm/commands/command.ts';
import { OUTCOMES } from '../domain/alarm/commands/command.ts';
import { duration, name } from './option-value.ts';
import { writeLine } from './output.ts';
import { openTwins, type TwinOptions, withTwinOptions } from './twin-options.ts';
import { UsageError } from './usage-error.ts';

type DeskOptions = TwinOptions &
  Readonly<{
    cylinder: string;
    by: string;
    reason?: string;
    until?: number;
    comment?: string;
    outcome?: string;
    mode?: string;
  }>;

const DONE: Readonly<Record<CommandType, string>> = {
  ack: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'no longer shelved',
  maintenance: 'in maintenance',
  close: 'closed',
};

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether what is reported speaks of the command with this id, in force or refused. */
const answers = (reported: Readonly<Record<string, unknown>>, type: CommandType, id: string): boolean =>
  [reported[type], reported.refused].some((part) => isFields(part) && part.id === id);

const send = async (type: CommandType, options: DeskOptions): Promise<void> => {
  const { cylinder, until, by, reason, comment, outcome, mode, ...where } = options;
  const twins = await openTwins(where);
  try {
    if ((await twins.get(cylinder)) === null) {
      throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
    }
    const id = randomUUID();
    const end = until === undefined ? undefined : Date.now() + until;
    const asked = { by, reason, comment, outcome, mode, until: end, id };
    const reported = await twins.desire(cylinder, { [type]: asked }, (now) => answers(now, type, id));
    const { refused } = reported;
    if (isFields(refused) && refused.id === id) throw new Error(`${cylinder}: refused, ${refused.words}`);
    const done = type === 'maintenance' && until === 0 ? 'out of maintenance' : DONE[type];
    writeLine(`${cylinder}: ${done}, says ${by}`);
  } finally {
    await twins.close();
  }
};

const withReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--until <duration>', 'for how long from now, as 30m or 8h', duration);

const DETAILS: Readonly<Record<CommandType, (command: Command) => Command>> = {
  ack: (command) =>
    command
      .description('say that you have it: reminders stop until it gets worse')
      .option('--comment <text>', 'what you found'),
  shelve: (command) =>
    withReason(command).description('not now: nothing is told of the open incident until then'),
  unshelve: (command) => command.description('take a shelf back'),
  maintenance: (command) =>
    withReason(command).description('we are working on it: nothing counts until then, 0 ends it'),
  close: (command) =>
    command
      .description('say what it was')
      .addOption(
        new Option('--outcome <kind>', 'what it turned out to be')
          .choices([...OUTCOMES])
          .makeOptionMandatory(),
      )
      .option('--mode <text>', 'for a fault: what failed')
      .option('--comment <text>', 'anything else'),
};

/** What people do at a desk: acknowledge, shelve, maintain, close. Each waits for the answer of the twin. */
export const deskCommand = (type: CommandType): Command =>
  DETAILS[type](
    withTwinOptions(
      new Command(type)
        .requiredOption('--cylinder <name>', 'which cylinder', name)
        .option('--by <name>', 'who says so', userInfo().username),
    ),
  ).action((options: DeskOptions) => send(type, options));
