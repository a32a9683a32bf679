import { COMMAND_TYPES, type Command, type CommandType } from '../alarm/commands/command.ts';
import { type Fields, isFields } from '../fields.ts';

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
