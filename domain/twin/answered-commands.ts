import { COMMAND_TYPES, type CommandType } from '../alarm/commands/command.ts';
import { asksFor } from '../cylinder/command-verdict.ts';
import { type Fields, isFields } from '../fields.ts';
import type { TwinReport } from './build-twin.ts';

/** The latest time of a value and all within it, s, where a shadow's metadata say so. */
const newest = (metadata: unknown): number => {
  if (typeof metadata === 'number') return metadata;
  const within = Array.isArray(metadata) ? metadata : isFields(metadata) ? Object.values(metadata) : [];
  return within.reduce<number>((latest, one) => Math.max(latest, newest(one)), 0);
};

/**
 * The commands that a twin's desired state still holds though its report says what became of them. One that was set after
 * it was answered is not among them, by the times of the shadow's metadata (s), even where it asks for the same.
 */
export const answeredCommands = (
  { lastCommands }: TwinReport,
  desired: Fields,
  metadata: Fields,
): readonly CommandType[] => {
  const verdicts = Array.isArray(lastCommands) ? lastCommands.filter(isFields) : [];
  return COMMAND_TYPES.filter((type) => {
    const held = desired[type];
    if (held === undefined || held === null) return false;
    return verdicts.some(
      ({ kind, asked, answeredAt }) =>
        kind === type &&
        typeof asked === 'string' &&
        asksFor(held, { asked }) &&
        newest(metadata[type]) * 1000 <= Number(answeredAt),
    );
  });
};
