import type { CommandType } from '../domain/alarm/commands/command.ts';
import type { TwinClient } from './ports/twin-client.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What became of a command: in force, refused in words, or meant for a cylinder that there is not. */
export type CommandAnswer =
  | Readonly<{ kind: 'in-force' }>
  | Readonly<{ kind: 'refused'; words: string }>
  | Readonly<{ kind: 'unknown-cylinder' }>;

const isOf = (part: unknown, id: string): part is Fields =>
  typeof part === 'object' && part !== null && 'id' in part && part.id === id;

/** Sets a command as desired in the twin of a cylinder, and waits until the twin reports it in force or refused. */
export const sendCommand =
  (twins: TwinClient) =>
  async (cylinder: string, type: CommandType, id: string, fields: Fields): Promise<CommandAnswer> => {
    if ((await twins.get(cylinder)) === null) return { kind: 'unknown-cylinder' };
    const { refused } = await twins.desire(
      cylinder,
      { [type]: { ...fields, id } },
      (reported) => isOf(reported[type], id) || isOf(reported.refused, id),
    );
    return isOf(refused, id) ? { kind: 'refused', words: String(refused.words) } : { kind: 'in-force' };
  };
