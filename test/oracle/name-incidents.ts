import * as v from 'valibot';
import { replayOracle } from './oracle.ts';
import type { RandomSource } from './random-source.ts';

const commandLine = v.looseObject({
  receivedAt: v.number(),
  cylinder: v.string(),
  command: v.looseObject({ incident: v.picklist(['latest', 'earlier']) }),
});
const raise = v.object({
  kind: v.literal('condition'),
  cylinder: v.string(),
  to: v.literal('ACTIVE'),
  t: v.number(),
  incident: v.string(),
});

/**
 * The same lines, with a name for every incident that a command calls `latest` or `earlier`: of those that would be
 * raised by then if no command named any, so that it is the right one as a rule and a wrong one now and then.
 */
export const withIncidents = (random: RandomSource, lines: readonly object[]): object[] => {
  const unnamed = lines.map((line) =>
    v.is(commandLine, line) ? { ...line, command: { ...line.command, incident: null } } : line,
  );
  const raises = replayOracle(unnamed).filter((line) => v.is(raise, line));
  return lines.map((line) => {
    if (!v.is(commandLine, line)) return line;
    const before = raises.filter(({ cylinder, t }) => cylinder === line.cylinder && t <= line.receivedAt);
    const latest = before.at(-1)?.incident ?? `${line.cylinder}@0`;
    const isLatest = line.command.incident === 'latest';
    const incident = isLatest ? latest : (before[random.integer(0, before.length - 1)]?.incident ?? latest);
    return { ...line, command: { ...line.command, incident } };
  });
};
