import { COMMAND_TYPES, type CommandType } from '../../domain/alarm/commands/command.ts';
import type { DeskPorts, DeskUser } from './desk-ports.ts';

/** What the members of a group may do, who may do most first; all of them see everything. */
const ROLES: readonly (readonly [group: string, actions: readonly CommandType[]])[] = [
  ['engineer', COMMAND_TYPES],
  ['technician', ['ack', 'shelve', 'unshelve', 'close']],
  ['viewer', []],
];

/** No longer than a command takes a name. */
const MAX_NAME = 40;

/** Somebody who has signed in, by their groups; null for who is in none, or has not. */
export const userInGroups = (
  caller: Readonly<{ name: string; groups: readonly string[] }> | null,
): DeskUser | null => {
  const role = ROLES.find(([group]) => caller?.groups.includes(group));
  if (caller === null || role === undefined) return null;
  const name = caller.name.trim().slice(0, MAX_NAME);
  return { name: name === '' ? role[0] : name, role: role[0], actions: role[1] };
};

type Page = Awaited<ReturnType<DeskPorts['page']>>;
type PageFile = Page extends ReadonlyMap<string, infer File> ? File : never;

/** The page with a script that signs people in, and a file that says where and as which client. */
export const signingIn = async (
  at: Readonly<{ address: string; client: string }>,
  page: Promise<Page>,
  script: Promise<PageFile>,
): Promise<Page> =>
  new Map([
    ...(await page),
    ['/sign-in.js', await script],
    [
      '/sign-in.json',
      { bytes: new TextEncoder().encode(JSON.stringify(at)), contentType: 'application/json', hashed: false },
    ],
  ]);
