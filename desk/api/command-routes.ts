import type * as v from 'valibot';
import type { Fields } from '../../domain/fields.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { sendCommand } from '../../usecases/send-command.ts';
import { describeHistory } from './describe-history.ts';
import { describeIncident } from './describe-incident.ts';
import type { DeskPorts, DeskUser } from './desk-ports.ts';
import { type Link, openLink } from './link-token.ts';
import { rateLimit } from './rate-limit.ts';
import * as requests from './requests.ts';
import { nothing, Otherwise, type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

type Asked = v.InferOutput<typeof requests.commandRequest>;

/** Carries out what a person asked for, by the twin; who is known by name speaks under that one. */
const command =
  ({ twins, noteFailure }: DeskPorts) =>
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
    } catch (error) {
      noteFailure?.(error);
      return new Otherwise(503, 'NoAnswer', 'nothing is known of it yet: ask again with the same key');
    }
  };

/** The same for every link that is none, so that nobody learns what is wrong with it. */
const INVALID = new Otherwise(
  410,
  'LinkNotValid',
  'this link does not hold: its incident is closed, it is older than a week, or it is incomplete. Open the link of the latest notice, or ask whoever runs the plant',
);

/** A page asks a few times a second at most; whoever guesses needs 2^95 attempts. */
const LOOKS_A_SECOND = 5;
const GUESSES_A_SECOND = 1;

type Opened = Readonly<{ link: Link; incident: IncidentRecord }>;

const linkReader = ({ links, view, now, addressOf }: DeskPorts) => {
  const mayLook = rateLimit(LOOKS_A_SECOND);
  const mayGuess = rateLimit(GUESSES_A_SECOND);
  const tooMany = new Otherwise(429, 'TooMany', 'too many requests: ask again in a minute');
  return async (token: string, request: Request): Promise<Opened | Otherwise> => {
    if (!mayLook(token.slice(0, 64))) return tooMany;
    const link = await openLink(token, links, now());
    const incident = link === null ? null : await view.incident(link.incident);
    if (link !== null && incident !== null) return { link, incident };
    return mayGuess(addressOf(request)) ? INVALID : tooMany;
  };
};

/** All by which somebody acts. */
export const commandRoutes = (ports: DeskPorts): readonly Route[] => {
  const carryOut = command(ports);
  const byLink = linkReader(ports);
  const describe = describeIncident(ports);
  const historyOf = describeHistory(ports);
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
    route({
      method: 'get',
      path: '/api/link/{token}',
      summary: 'The incident of a link. It changes nothing, whoever opens it and however often',
      isOpen: true,
      query: nothing,
      body: nothing,
      answer: schemas.incidentAnswer,
      act: async ({ path, raw }) => {
        const opened = await byLink(path('token'), raw);
        if (opened instanceof Otherwise) return opened;
        const { link, incident } = opened;
        if (incident.closedBy !== null) return INVALID;
        const answer = await describe(incident);
        const allowed = answer.allowed.filter((type) => link.actions.includes(type));
        const { site, timeZone } = ports.about;
        return { ...answer, allowed, expires: link.expires, plant: { site, timeZone } };
      },
    }),
    route({
      method: 'get',
      path: '/api/link/{token}/history',
      summary: 'What the cylinder of a link measured, as its own history',
      isOpen: true,
      query: requests.periodQuery,
      body: nothing,
      answer: schemas.historyAnswer,
      act: async ({ path, query, raw }) => {
        const opened = await byLink(path('token'), raw);
        if (opened instanceof Otherwise) return opened;
        if (opened.incident.closedBy !== null) return INVALID;
        return (await historyOf(opened.link.cylinder, query)) ?? INVALID;
      },
    }),
    route({
      method: 'post',
      path: '/api/link/{token}/commands',
      summary: 'A command by a link, of its incident and no other',
      isOpen: true,
      query: nothing,
      body: requests.linkCommandRequest,
      answer: schemas.commandAnswer,
      act: async ({ path, body, raw }) => {
        const opened = await byLink(path('token'), raw);
        if (opened instanceof Otherwise) return opened;
        const { link, incident } = opened;
        const isAgain = (await ports.view.cylinder(link.cylinder))?.lastCommands.some(
          ({ id }) => id === body.key,
        );
        if (incident.closedBy !== null && isAgain !== true) return INVALID;
        if (!link.actions.includes(body.type))
          return new Otherwise(403, 'NotAllowed', `a link does not allow ${body.type}`);
        return await carryOut({ ...body, cylinder: link.cylinder, incident: link.incident }, { name: null });
      },
    }),
  ];
};
