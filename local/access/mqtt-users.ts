import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { isName } from '../../domain/message/topic.ts';
import { shellWord } from '../../domain/printable.ts';
import { LocalError } from '../run/local-error.ts';

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
    const { mode } = statSync(path);
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
