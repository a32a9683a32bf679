import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  hashPassword,
  type MqttUser,
  ROLES,
  type Role,
  readMqttUsers,
  writeMqttUsers,
} from '../local/access/access-rules.ts';
import { name } from './options/option-value.ts';
import { say, writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

type File = Readonly<{ mqttUsers: string }>;
type Adding = File & Readonly<{ role: Role; passwordFile?: string; certificate?: boolean }>;

const usersIn = (path: string): readonly MqttUser[] => (existsSync(path) ? readMqttUsers(path) : []);

/** The first line of a file, or of standard input for `-`. */
const passwordIn = (file: string): string => {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`no password in ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const [password = ''] = text.split(/\r?\n/, 1);
  if (password.length < 8) throw new UsageError('a password has at least 8 characters');
  return password;
};

const add = async (
  who: string,
  { mqttUsers, role, passwordFile, certificate = false }: Adding,
): Promise<void> => {
  const made = randomBytes(18).toString('base64url');
  const password = passwordFile === undefined ? made : passwordIn(passwordFile);
  const user: MqttUser = { name: who, role, password: certificate ? null : await hashPassword(password) };
  const others = usersIn(mqttUsers).filter((other) => other.name !== who);
  writeMqttUsers(mqttUsers, [...others, user]);
  say(`${role} ${who} is in ${mqttUsers}; a pipeline that runs with it knows within seconds`);
  if (!certificate && passwordFile === undefined) {
    say('its password, shown this once:');
    writeLine(password);
  }
};

const remove = (who: string, { mqttUsers }: File): void => {
  const users = readMqttUsers(mqttUsers);
  const others = users.filter((other) => other.name !== who);
  if (others.length === users.length) throw new UsageError(`there is no user ${who} in ${mqttUsers}`);
  writeMqttUsers(mqttUsers, others);
  say(`${who} is no user any more; its connection ends within seconds`);
};

const list = ({ mqttUsers }: File): void => {
  for (const { name: who, role, password } of readMqttUsers(mqttUsers))
    writeLine(`${who}\t${role}\t${password === null ? 'certificate' : 'password'}`);
};

const command = (word: string, description: string): Command =>
  new Command(word)
    .description(description)
    .requiredOption('--mqtt-users <file>', 'the file of users, as for sentinel run');

/** `sentinel mqtt-user add|remove|list`: who may connect from other machines. */
export const mqttUserCommand = (): Command =>
  new Command('mqtt-user')
    .description('who may connect to sentinel run --listen from other machines')
    .addCommand(
      command('add', 'add a user, or give it another password or role')
        .argument('<name>', 'its name; for a gateway the one that it publishes under', name)
        .addOption(
          new Option(
            '--role <role>',
            'a gateway publishes under its own name; a viewer asks; an operator asks and commands',
          )
            .choices([...ROLES])
            .default('gateway'),
        )
        .option('--password-file <file>', 'a file whose first line is the password, - for standard input')
        .addOption(
          new Option(
            '--certificate',
            'known by a client certificate of that common name, without a password',
          ).conflicts('passwordFile'),
        )
        .action(add),
    )
    .addCommand(command('remove', 'take a user away').argument('<name>', 'its name').action(remove))
    .addCommand(command('list', 'the users, their roles, and by what they are known').action(list));
