import type { CommandType } from '../domain/alarm/commands/command.ts';
import { type Fields, isFields } from '../domain/fields.ts';
import type { TwinClient } from './ports/twin-client.ts';

/** What became of a command: in force, refused in words, or meant for a cylinder that there is not. */
export type CommandAnswer =
  | Readonly<{ kind: 'in-force' }>
  | Readonly<{ kind: 'refused'; words: string }>
  | Readonly<{ kind: 'unknown-cylinder' }>;

/** What a twin reports to have become of a command; undefined where it does not say so yet. */
const verdictIn = ({ lastCommands }: Fields, type: CommandType, id: string): Fields | undefined =>
  (Array.isArray(lastCommands) ? lastCommands : [])
    .filter(isFields)
    .find((verdict) => verdict.kind === type && verdict.id === id);

/** Sets a command as desired in the twin of a cylinder, and waits until the twin reports it in force or refused. */
export const sendCommand =
  (twins: Pick<TwinClient, 'get' | 'desire'>) =>
  async (cylinder: string, type: CommandType, id: string, fields: Fields): Promise<CommandAnswer> => {
    if ((await twins.get(cylinder)) === null) return { kind: 'unknown-cylinder' };
    const reported = await twins.desire(
      cylinder,
      { [type]: { ...fields, id } },
      (shown) => verdictIn(shown, type, id) !== undefined,
    );
    const { result, words } = verdictIn(reported, type, id) ?? {};
    return result === 'in-force' ? { kind: 'in-force' } : { kind: 'refused', words: String(words) };
  };
