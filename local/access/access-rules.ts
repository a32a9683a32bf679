import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { INFERENCE_TOPIC, isName } from '../../domain/message/topic.ts';
import { shellWord } from '../../domain/printable.ts';
import { LocalError } from '../run/local-error.ts';
import type { ShadowAccess } from '../shadow/answer-request.ts';
import { readShadowTopic } from '../shadow/read-request.ts';

/** `gateway`: publishes under its own name; `operator`: asks and commands; `viewer`: asks. */
export const ROLES = ['gateway', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const HASH = /^scrypt:(\d{1,6}):(\d{1,2}):(\d{1,2}):([\w-]+):([\w-]+)$/;

const user = v.object({
  name: v.custom<string>(isName, 'a name has letters, digits, colon, underscore and hyphen, at most 128'),
  role: v.picklist(ROLES),
  /** `scrypt:N:r:p:salt:hash`; null for a user that is known by a client certificate alone. */
  password: v.nullable(v.pipe(v.string(), v.regex(HASH, 'the password is not hashed with scrypt'))),
});

const usersFile = v.object({ version: v.literal(1), users: v.array(user) });

/** Somebody who may connect from another machine. */
export type MqttUser = Readonly<v.InferOutput<typeof user>>;

/** Cost of one guess: 32 MB and some 80 ms. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const COST = { N: 32_768, r: 8, p: 3 } as const;
const HASH_BYTES = 32;
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

const derive = promisify<string | Buffer, Buffer, number, object, Buffer>(scrypt);

export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, HASH_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES });
  return `scrypt:${COST.N}:${COST.r}:${COST.p}:${salt.toString('base64url')}:${hash.toString('base64url')}`;
};

export const isPassword = async (password: Buffer, stored: string): Promise<boolean> => {
  const [, n, r, p, salt = '', hash = ''] = HASH.exec(stored) ?? [];
  const expected = Buffer.from(hash, 'base64url');
  const cost = { N: Number(n), r: Number(r), p: Number(p), maxmem: MAX_MEMORY_BYTES };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), expected.length, cost);
  return expected.length > 0 && timingSafeEqual(derived, expected);
};

const refuse = (path: string, why: string, cause?: unknown): LocalError =>
  new LocalError('MqttUsers', `the file of MQTT users ${path} ${why}`, cause);

/** Reads the file of users. Throws one line that says what to do, also where others than its owner could read it. */
export const readMqttUsers = (path: string): readonly MqttUser[] => {
  try {
    const stat = statSync(path);
    // Of a folder the same advice would lock its owner out.
    if (!stat.isFile()) throw refuse(path, 'is no file: make one with sentinel mqtt-user add');
    const { mode } = stat;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw refuse(path, `may be read by others: chmod 600 -- ${shellWord(path)}`);
    return v.parse(usersFile, JSON.parse(readFileSync(path, 'utf8'))).users;
  } catch (error) {
    if (error instanceof LocalError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(path, `cannot be used: ${reason}; make it with sentinel mqtt-user add`, error);
  }
};

/** Puts the file of users in the place of what was there, readable by its owner alone. */
export const writeMqttUsers = (path: string, users: readonly MqttUser[]): void => {
  const fresh = `${path}.${process.pid}.new`;
  try {
    writeFileSync(fresh, `${JSON.stringify({ version: 1, users }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, path);
  } catch (error) {
    throw refuse(path, `cannot be written: ${error instanceof Error ? error.message : error}`, error);
  }
};

/** Who a client is: somebody on this machine, or a user that proved to be one. */
export type Identity = Readonly<{ kind: 'local' }> | Readonly<{ kind: 'user'; name: string; role: Role }>;

export const LOCAL: Identity = { kind: 'local' };

/** Where notices are published, for whoever subscribes: `sentinel/notices/<site>/<cylinder>`. */
export const NOTICE_TOPIC = 'sentinel/notices';

/** Whether a topic is another one, or below it. */
export const isUnder = (topic: string, parent: string): boolean =>
  topic === parent || topic.startsWith(`${parent}/`);

/** Whether nobody but the program itself publishes there: notices, answers, and all of `$…` but requests to shadows. */
export const isReserved = (topic: string): boolean =>
  isUnder(topic, NOTICE_TOPIC) ||
  isUnder(topic, 'sentinel/answer') ||
  (topic.startsWith('$') && readShadowTopic(topic) === null);

/** Whether a client may publish on a topic that is not reserved. */
export const mayPublish = (identity: Identity, topic: string): boolean => {
  if (identity.kind === 'local') return true;
  if (identity.role !== 'gateway')
    return (
      readShadowTopic(topic) !== null ||
      // What is in quarantine can be put back by who asks there.
      (topic.startsWith('sentinel/ask/') &&
        (identity.role === 'operator' || !isUnder(topic, 'sentinel/ask/quarantine')))
    );
  return (
    isUnder(topic, `${INFERENCE_TOPIC}/${identity.name}`) || topic === `greengrass/ml/status/${identity.name}`
  );
};

/** A gateway has nothing to read. */
export const maySubscribe = (identity: Identity): boolean =>
  identity.kind === 'local' || identity.role !== 'gateway';

export const shadowRights = (identity: Identity): Pick<ShadowAccess, 'mayCommand'> => ({
  mayCommand: identity.kind === 'local' || identity.role === 'operator',
});

/** Names who a client is, for the log and for what is bounded by user. */
export const nameOfIdentity = (identity: Identity): string =>
  identity.kind === 'local' ? 'this machine' : `${identity.role} '${identity.name}'`;
