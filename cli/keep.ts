import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { backUpFolder } from '../local/keep/backup.ts';
import { checkStores } from '../local/keep/check-stores.ts';
import { askDataFolder } from '../local/keep/data-socket.ts';
import { forgetCylinder } from '../local/keep/forget-cylinder.ts';
import { type DataFolder, openDataFolder } from '../local/run/data-folder.ts';
import { LocalError } from '../local/run/local-error.ts';
import { name } from './options/option-value.ts';
import { DEFAULT_FOLDER } from './run/run-options.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

const withData = (command: Command): Command =>
  command.option('--data <folder>', 'the data folder', DEFAULT_FOLDER);

/** A folder that is there: looking at one must not make it. */
const folderThere = (data: string): DataFolder => {
  if (!existsSync(data)) throw new UsageError(`there is no data folder ${data}: name it with --data`);
  return openDataFolder(data);
};

const check = async ({ data }: Readonly<{ data: string }>): Promise<void> => {
  let faults = 0;
  for await (const { isSound, words } of checkStores(folderThere(data))) {
    writeLine(`${isSound ? 'sound ' : 'FAULT '} ${words}`);
    if (!isSound) faults += 1;
  }
  if (faults > 0)
    throw new LocalError('Faults', `${data} is not sound: put both files of one backup in their place`);
};

/** `sentinel check`: whether all that a data folder holds can be read. */
export const checkCommand = (): Command =>
  withData(
    new Command('check').description(
      'read all that a data folder holds and say whether it is sound; not while a pipeline runs on it: take a backup and check that',
    ),
  ).action(check);

const backUp = async ({ data, to }: Readonly<{ data: string; to: string }>): Promise<void> => {
  const folder = folderThere(data);
  let bytes: unknown;
  try {
    for await (const value of askDataFolder(folder.path, { ask: 'backup', with: to })) bytes = value;
  } catch (error) {
    if (!(error instanceof LocalError) || error.code !== 'NotRunning') throw error;
    bytes = await backUpFolder(folder, to);
  }
  writeLine(
    `${to}: ${(Number(bytes) / 1e6).toFixed(1)} MB, both stores as of one moment. sentinel check --data ${to} reads it all`,
  );
};

/** `sentinel backup`: a copy of a data folder, while a pipeline runs on it or not. */
export const backupCommand = (): Command =>
  withData(
    new Command('backup').description(
      'copy a data folder as of one moment, whether a pipeline runs on it or not',
    ),
  )
    .requiredOption('--to <folder>', 'where the copy goes; empty or not there yet', (text) => resolve(text))
    .action(backUp);

const forget = async ({
  data,
  cylinder,
  yes = false,
}: Readonly<{ data: string; cylinder: string; yes?: boolean }>): Promise<void> => {
  const what = await forgetCylinder(folderThere(data), cylinder, yes);
  if (what === null) throw new UsageError(`${data} knows no cylinder ${cylinder}`);
  writeLine(`${yes ? 'removed' : 'would remove'} ${cylinder}: ${what.join(', ')}`);
  writeLine(
    `${yes ? '' : 'Say --yes to do it. '}The quarantine, exports and backups keep what they have of it; what still publishes is back with its next sample.`,
  );
};

/** `sentinel forget`: take a cylinder out of a data folder for good. */
export const forgetCommand = (): Command =>
  withData(
    new Command('forget').description(
      'remove a cylinder from a data folder for good, with its samples; not while a pipeline runs on it',
    ),
  )
    .requiredOption('--cylinder <name>', 'which cylinder', name)
    .option('--yes', 'do it; without it only say what would be removed')
    .action(forget);
