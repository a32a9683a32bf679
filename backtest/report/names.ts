import { basename } from 'node:path';
import type { Backtest } from '../backtest.ts';

const LETTERS = 'ABCDEFGH';

/** The letter by which a report calls a policy: A for the one under test, B for the one it is held against. */
export const letterOf = (index: number): string => LETTERS[index] ?? '?';

/** What a report calls each recording: the file's name, or the whole path where two files have the same name. */
export const recordingNames = ({ recordings }: Backtest): readonly string[] => {
  const names = recordings.map(({ file }) => basename(file));
  return recordings.map(({ file }, index) => {
    const name = names[index] ?? file;
    return names.indexOf(name) === names.lastIndexOf(name) ? name : file;
  });
};
