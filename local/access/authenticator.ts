import { createHmac, randomBytes } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { isName } from '../../domain/message/topic.ts';
import {
  hashPassword,
  type Identity,
  isPassword,
  type MqttUser,
  type Role,
  readMqttUsers,
} from './access-rules.ts';

/** What a client from another machine shows of itself; `certificate` is the common name of one that was verified. */
export type Credentials = Readonly<{
  username: string | undefined;
  password: Buffer | undefined;
  certificate: string | null;
  address: string;
}>;

/** `returnCode` is that of CONNACK (MQTT 3.1.1, table 3.1): 3 for later, 4 for a wrong name or password, 5 for not at all. */
export type Verdict =
  | Readonly<{ ok: true; identity: Identity }>
  | Readonly<{ ok: false; returnCode: 3 | 4 | 5; reason: string }>;

export type Authenticator = Readonly<{
  check(credentials: Credentials): Promise<Verdict>;
  /** Whether who was let in would still be, as the same. */
  isCurrent(identity: Identity): boolean;
  close(): void;
}>;

type Options = Readonly<{
  /** The file of users; null where client certificates alone let in. */
  path: string | null;
  /** Called after the file of users has changed. */
  onChange: () => void;
  log: (line: string) => void;
}>;

/** Guesses that are worked on at a time, and those that one address may have waiting: each costs 80 ms of a core. */
const MAX_AT_WORK = 2;
const MAX_WAITING = 64;
const MAX_WAITING_OF_ADDRESS = 8;
const LOOK_EVERY_MS = 2_000;
const MAX_REMEMBERED = 10_000;

const refused = (returnCode: 3 | 4 | 5, reason: string): Verdict => ({ ok: false, returnCode, reason });

/** Lets in users of a file by their passwords, and holders of a certificate as gateways unless the file says otherwise. */
export const createAuthenticator = ({ path, onChange, log }: Options): Authenticator => {
  let users = new Map<string, MqttUser>();
  const load = (): void => {
    if (path !== null) users = new Map(readMqttUsers(path).map((user) => [user.name, user]));
  };
  load();
  const look = (): void => {
    try {
      load();
    } catch (error) {
      log(`MQTT: ${error instanceof Error ? error.message : error}; the users of before stay`);
      return;
    }
    onChange();
  };
  if (path !== null) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);

  // What was right once is known again without the cost: all gateways of a plant come back at the same time.
  const key = randomBytes(32);
  const proven = new Map<string, string>();
  const proofOf = (password: Buffer, stored: string): string =>
    createHmac('sha256', key).update(stored).update('\n').update(password).digest('base64');
  // An unknown name takes as long as a wrong password.
  const nobody = hashPassword(randomBytes(16).toString('hex'));

  const waitingOf = new Map<string, number>();
  const turns: (() => void)[] = [];
  let atWork = 0;
  const takeTurn = async <T>(address: string, work: () => Promise<T>): Promise<T | null> => {
    const waiting = waitingOf.get(address) ?? 0;
    if (waiting >= MAX_WAITING_OF_ADDRESS || turns.length >= MAX_WAITING) return null;
    waitingOf.set(address, waiting + 1);
    try {
      if (atWork >= MAX_AT_WORK) await new Promise<void>((resolve) => turns.push(resolve));
      else atWork += 1;
      return await work();
    } finally {
      const next = turns.shift();
      if (next === undefined) atWork -= 1;
      else next();
      const left = (waitingOf.get(address) ?? 1) - 1;
      if (left === 0) waitingOf.delete(address);
      else waitingOf.set(address, left);
    }
  };

  /** With what each was let in: the hash of a password, or null for a certificate. */
  const letIn = new WeakMap<Identity, string | null>();
  const admit = (name: string, role: Role, stored: string | null): Verdict => {
    const identity: Identity = { kind: 'user', name, role };
    letIn.set(identity, stored);
    return { ok: true, identity };
  };

  const byCertificate = (name: string, username: string | undefined): Verdict => {
    if (username !== undefined && username !== '' && username !== name)
      return refused(5, `its certificate is of '${name}', and it says to be '${username}'`);
    const user = users.get(name);
    return user !== undefined || isName(name)
      ? admit(name, user?.role ?? 'gateway', null)
      : refused(5, `the common name of its certificate, '${name}', cannot be a gateway's`);
  };

  return {
    check: async ({ username, password, certificate, address }) => {
      if (certificate !== null) return byCertificate(certificate, username);
      if (username === undefined || password === undefined)
        return refused(5, path === null ? 'it has no certificate' : 'it gave no user name and password');
      const user = users.get(username);
      const stored = user?.password ?? null;
      const proof = proofOf(password, stored ?? '');
      const isKnown = stored !== null && proven.get(username) === proof;
      const isRight =
        isKnown || (await takeTurn(address, async () => isPassword(password, stored ?? (await nobody))));
      if (isRight === null) return refused(3, 'too many names and passwords wait to be checked');
      if (!isRight || user === undefined || stored === null || users.get(username)?.password !== stored)
        return refused(4, 'its user name or password is wrong');
      if (proven.size >= MAX_REMEMBERED) proven.clear();
      proven.set(username, proof);
      return admit(username, user.role, stored);
    },
    isCurrent: (identity) => {
      if (identity.kind === 'local') return true;
      const user = users.get(identity.name);
      const stored = letIn.get(identity) ?? null;
      if (stored === null) return (user?.role ?? 'gateway') === identity.role;
      return user?.password === stored && user.role === identity.role;
    },
    close: () => {
      if (path !== null) unwatchFile(path, look);
    },
  };
};
