import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { type CommandType, OUTCOMES } from '../domain/alarm/commands/command.ts';
import { printable } from '../domain/printable.ts';
import { sendCommand } from '../usecases/send-command.ts';
import { duration, name, person, words } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';
import { openTwins, type TwinOptions, withTwinOptions } from './twin.ts';

type OperatorOptions = TwinOptions &
  Readonly<{
    cylinder: string;
    by: string;
    reason?: string;
    until?: number;
    comment?: string;
    outcome?: string;
    mode?: string;
    incident?: string;
  }>;

const DONE: Readonly<Record<CommandType, string>> = {
  ack: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'no longer shelved',
  maintenance: 'in maintenance',
  close: 'closed',
};

const send = async (type: CommandType, options: OperatorOptions): Promise<void> => {
  const { cylinder, until, by, reason, comment, outcome, mode, incident, ...where } = options;
  const twins = await openTwins(where);
  try {
    const end = until === undefined ? undefined : Date.now() + until;
    const fields = { by, reason, comment, outcome, mode, incident, until: end };
    const answer = await sendCommand(twins)(cylinder, type, randomUUID(), fields);
    if (answer.kind === 'unknown-cylinder')
      throw new UsageError(`there is no cylinder ${cylinder}: its twin appears with its first sample`);
    if (answer.kind === 'refused') throw new Error(`${cylinder}: refused, ${printable(answer.words)}`);
    const done = type === 'maintenance' && until === 0 ? 'out of maintenance' : DONE[type];
    writeLine(`${cylinder}: ${done}, says ${by}`);
  } finally {
    await twins.close();
  }
};

const withReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why', words('--reason'))
    .requiredOption('--until <duration>', 'for how long from now, as 30m or 8h', duration);

const DETAILS: Readonly<Record<CommandType, (command: Command) => Command>> = {
  ack: (command) =>
    command
      .description('say that you have it: reminders stop until it gets worse')
      .option('--comment <text>', 'what you found', words('--comment')),
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
      .option('--mode <text>', 'for a fault: what failed', words('--mode'))
      .option('--comment <text>', 'anything else', words('--comment')),
};

/** The commands of an operator: acknowledge, shelve, maintenance, close. Each waits for the answer of the twin. */
export const operatorCommand = (type: CommandType): Command =>
  DETAILS[type](
    withTwinOptions(
      new Command(type)
        .requiredOption('--cylinder <name>', 'which cylinder', name)
        .option('--incident <id>', 'only if this is the incident it still concerns')
        .option('--by <name>', 'who says so', person, userInfo().username),
    ),
  ).action((options: OperatorOptions) => send(type, options));
