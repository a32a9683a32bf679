import type * as v from 'valibot';
import type { Fields } from '../../domain/fields.ts';
import { sendCommand } from '../../usecases/send-command.ts';
import type { DeskPorts, DeskUser } from './desk-ports.ts';
import * as requests from './requests.ts';
import { nothing, Otherwise, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

type Asked = v.InferOutput<typeof requests.commandRequest>;

/** Carries out what a person asked for, by the twin; who is known by name speaks under that one. */
const command =
  ({ twins }: DeskPorts) =>
  async (
    { cylinder, type, key, by, ...rest }: Asked,
    { name }: Pick<DeskUser, 'name'>,
  ): Promise<
    Readonly<{ result: 'in-force' }> | Readonly<{ result: 'refused'; words: string }> | Otherwise
  > => {
    const said = Object.entries({ ...rest, by: name ?? by }).filter(([, value]) => value != null);
    const fields: Fields = Object.fromEntries(said);
    try {
      const answer = await sendCommand(twins)(cylinder, type, key, fields);
      switch (answer.kind) {
        case 'unknown-cylinder':
          return new Otherwise(404, 'UnknownCylinder', 'there is no such cylinder');
        case 'in-force':
          return { result: 'in-force' };
        case 'refused':
          return { result: 'refused', words: answer.words };
      }
    } catch {
      return new Otherwise(503, 'NoAnswer', 'nothing is known of it yet: ask again with the same key');
    }
  };

/** All by which somebody acts. */
export const commandRoutes = (ports: DeskPorts): readonly Route[] => {
  const carryOut = command(ports);
  return [
    route({
      method: 'post',
      path: '/api/commands',
      summary: 'A command to a cylinder. The same key once more is carried out once',
      query: nothing,
      body: requests.commandRequest,
      answer: schemas.commandAnswer,
      act: async ({ body, user }) => {
        if (user === null || !user.actions.includes(body.type))
          return new Otherwise(403, 'NotAllowed', `your role may not ${body.type}`);
        return await carryOut(body, user);
      },
    }),
  ];
};
