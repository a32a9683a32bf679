import { COMMAND_TYPES, type Command, type CommandType } from '../alarm/commands/command.ts';
import { asksFor } from '../cylinder/command-verdict.ts';
import { type Fields, isFields } from '../fields.ts';
import type { TwinReport } from './build-twin.ts';

/** What a person set in the desired state of a twin: commands, and overrides of the policy (null takes them back). */
export type Desired = Readonly<{
  commands: readonly (Command & Readonly<{ type: CommandType }>)[];
  policy: Readonly<Record<string, unknown>> | null | undefined;
}>;

/** Reads the desired state that an update of the shadow carried; keys that are no command are left alone. */
export const readDesired = (desired: Fields): Desired => ({
  commands: COMMAND_TYPES.flatMap((type) => {
    const fields = desired[type];
    if (fields === undefined || fields === null) return [];
    // What is no object lacks every field, and is refused as such where the person can see it.
    return [isFields(fields) ? { ...fields, type } : { type }];
  }),
  policy: desired.policy === null || isFields(desired.policy) ? desired.policy : undefined,
});

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
