import { type Command, CommanderError } from 'commander';
import { SentinelError } from '../../domain/sentinel-error.ts';
import { write } from './output.ts';

/** Something the person at the keyboard can put right; its message says what and how. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What to throw where a file that was named cannot be written. */
export const cannotWrite =
  (file: string) =>
  (cause: unknown): never => {
    throw new UsageError(`${file} cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  };

const CALLERS_OWN = new Set(['no-credentials', 'bad-credentials', 'no-region', 'absent']);

/** Whether the person at the keyboard can put it right: what was typed or named, or who AWS was told is asking. */
export const isUsageError = (error: unknown): boolean =>
  error instanceof UsageError || (error instanceof SentinelError && CALLERS_OWN.has(error.code));

/** The exit code of a program that was called wrongly. */
export const USAGE_EXIT_CODE = 2;

/** A command with the commands below it, each with all the words that call it. */
const all = (command: Command, words: string): readonly (readonly [Command, string])[] => [
  [command, words],
  ...command.commands.flatMap((below) => all(below, `${words} ${below.name()}`)),
];

/**
 * Makes a program and its commands say what was wrong with a call in one line, which names the help that fits, and write
 * help as all other output is written, so that `sentinel --help | head` ends quietly.
 */
export const explainErrors = (program: Command): void => {
  for (const [command, words] of all(program, program.name())) {
    command.exitOverride().configureOutput({
      writeOut: write,
      outputError: (text, writeError) => {
        const line = text
          .trim()
          .replace(/^error: /, '')
          .replaceAll('\n', ' ');
        writeError(`sentinel: ${line} (see ${words} --help)\n`);
      },
    });
  }
};

/** The exit code where a call was not carried out because of its words, or only asked for help; null for other errors. */
export const exitCodeOf = (error: unknown): number | null => {
  if (!(error instanceof CommanderError)) return null;
  return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
};
