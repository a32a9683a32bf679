import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hashPassword, type Role, writeMqttUsers } from '../../../local/access/access-rules.ts';

export const PASSWORD = 'correct horse';

export const temporaryFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-access-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A file of users who all have the same password. */
export const usersFile = async (t: TestContext, users: Readonly<Record<string, Role>>): Promise<string> => {
  const path = join(temporaryFolder(t), 'users.json');
  const password = await hashPassword(PASSWORD);
  writeMqttUsers(
    path,
    Object.entries(users).map(([name, role]) => ({ name, role, password })),
  );
  return path;
};

/** What the server of `certificates` is called beside its address: an endpoint of AWS IoT. */
export const AWS_HOST = 'a1-ats.iot.eu-central-1.amazonaws.com';

/** The files of an authority, of a server at 127.0.0.1, and of clients by their common names. */
export const certificates = (t: TestContext, clients: readonly string[]): ((file: string) => string) => {
  const folder = temporaryFolder(t);
  const at = (file: string): string => join(folder, file);
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  for (const ca of ['ca', 'other-ca'])
    openssl('req', '-x509', ...newKey, '-subj', `/CN=${ca}`, '-keyout', `${ca}.key`, '-out', `${ca}.pem`);
  const sign = (name: string, ca: string, extra: readonly string[]): void =>
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-CA',
      `${ca}.pem`,
      '-CAkey',
      `${ca}.key`,
      '-subj',
      `/CN=${name}`,
      ...extra,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  sign('server', 'ca', ['-addext', `subjectAltName=IP:127.0.0.1,DNS:${AWS_HOST}`]);
  for (const client of clients) sign(client, 'ca', []);
  sign('stranger', 'other-ca', []);
  return at;
};
