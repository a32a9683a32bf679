import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { pathToFileURL } from 'node:url';

/** Paths of what a client shows to a broker, and of whom it believes. */
export type TlsFiles = Readonly<{
  /** Certificate, with its chain where it has one, PEM. */
  cert?: string | undefined;
  /** Its private key, PEM; or `pkcs11:…`, the URI of one in a token (RFC 7512). */
  key?: string | undefined;
  /** Both in one file, in place of `cert` and `key`. */
  pkcs12?: string | undefined;
  /** First line: what `key` or `pkcs12` is encrypted with, or the PIN of the token. */
  passphraseFile?: string | undefined;
  /** OpenSSL's engine for tokens; default: where distributions put it. */
  engine?: string | undefined;
  /** The authorities to believe in place of those that Node knows, PEM. */
  ca?: string | undefined;
}>;

export type TlsMaterial = Readonly<{
  cert?: Buffer;
  key?: Buffer;
  pfx?: Buffer;
  passphrase?: string;
  ca?: string;
  secureContext?: SecureContext;
}>;

/** `notNow` says why a certificate that is sound in itself cannot be used at this time: another day, or a clock that is set, may cure it. */
export type ReadTlsFiles =
  | Readonly<{ ok: true; material: TlsMaterial; notNow: string | null }>
  | Readonly<{ ok: false; message: string }>;

class TlsFileError extends Error {}

/** Reads what is named and checks that it fits together; what is wrong is one line, without anything of what the files hold. */
export const readTlsFiles = (files: TlsFiles, nowMs: number): ReadTlsFiles => {
  try {
    return { ok: true, ...read(files, nowMs) };
  } catch (error) {
    if (error instanceof TlsFileError) return { ok: false, message: error.message };
    throw error;
  }
};

const read = ({ cert, key, pkcs12, passphraseFile, ca, engine }: TlsFiles, nowMs: number) => {
  const passphrase = passphraseFile === undefined ? undefined : firstLine(passphraseFile);
  const authorities = ca === undefined ? {} : { ca: pem(ca, CERTIFICATES, 'certificate') };
  if (ca !== undefined) certificatesIn(ca);
  if (pkcs12 !== undefined) {
    const material = {
      ...authorities,
      pfx: bytesOf(pkcs12),
      ...(passphrase === undefined ? {} : { passphrase }),
    };
    contextOf(pkcs12, material);
    return { material, notNow: null };
  }
  if (cert === undefined || key === undefined) return { material: authorities, notNow: null };
  const [own] = certificatesIn(cert);
  if (own === undefined) throw new TlsFileError(`${cert} holds no certificate`);
  if (key.startsWith('pkcs11:')) {
    const secureContext = tokenContext({ ...authorities, cert: bytesOf(cert) }, key, passphraseFile, engine);
    return { material: { secureContext }, notNow: validity(cert, own, nowMs) };
  }
  if (!own.checkPrivateKey(privateKey(key, passphrase)))
    throw new TlsFileError(
      `${key} is not the key of the certificate ${cert}: take the pair that was made together`,
    );
  const material = {
    ...authorities,
    cert: bytesOf(cert),
    key: bytesOf(key),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  contextOf(cert, material);
  return { material, notNow: validity(cert, own, nowMs) };
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by this account',
  EISDIR: 'it is a folder',
};

const bytesOf = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new TlsFileError(`${path}: ${REASONS[code] ?? `it cannot be read (${code})`}`);
  }
};

const firstLine = (path: string): string => bytesOf(path).toString().split(/\r?\n/, 1)[0] ?? '';

const CERTIFICATES =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

const pem = (path: string, blocks: RegExp, what: string): string => {
  const found = bytesOf(path).toString().match(blocks);
  if (found !== null) return found.join('\n');
  throw new TlsFileError(`${path} holds no ${what} in PEM, the form that begins with "-----BEGIN"`);
};

const certificatesIn = (path: string): readonly X509Certificate[] => {
  const blocks = pem(path, CERTIFICATES, 'certificate').match(CERTIFICATES) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new TlsFileError(`${path} holds a certificate that cannot be read: it is cut off or damaged`);
  }
};

const privateKey = (path: string, passphrase: string | undefined): KeyObject => {
  const key = pem(
    path,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
    'private key',
  );
  const isEncrypted = /ENCRYPTED/.test(key);
  if (isEncrypted && passphrase === undefined)
    throw new TlsFileError(
      `${path} is encrypted: put its passphrase into a file and name that with --key-passphrase-file`,
    );
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new TlsFileError(
      isEncrypted
        ? `${path} cannot be decrypted: the passphrase is another one`
        : `${path} holds a key that cannot be read: it is cut off or damaged`,
    );
  }
};

const ENGINES: readonly [string, ...string[]] = [
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/engines-3/pkcs11.so`,
  '/usr/lib64/engines-3/pkcs11.so',
  '/usr/lib/engines-3/pkcs11.so',
];

/** By the URI of the key: OpenSSL's engine can be begun once in a process, and a second context would have to begin it again. */
const tokenContexts = new Map<string, SecureContext>();

/** For a key that never leaves its token. The PIN stays in its file, since the engine writes out a URI that fails. */
const tokenContext = (
  material: TlsMaterial,
  uri: string,
  pinFile: string | undefined,
  named: string | undefined,
): SecureContext => {
  const known = tokenContexts.get(uri);
  if (known !== undefined) return known;
  const engine = named ?? ENGINES.find((path) => existsSync(path)) ?? ENGINES[0];
  if (!existsSync(engine))
    throw new TlsFileError(
      `there is no engine for PKCS#11 at ${engine}: install libengine-pkcs11-openssl, or name it with --pkcs11-engine`,
    );
  if (pinFile === undefined && !uri.includes('pin-'))
    throw new TlsFileError(
      `${uri} needs the PIN of its token: name a file that holds it with --key-passphrase-file`,
    );
  if (pinFile !== undefined && /\s/.test(bytesOf(pinFile).toString()))
    throw new TlsFileError(`${pinFile} must hold the PIN alone, without an end of line: printf 1234 > FILE`);
  const pin = pinFile === undefined ? '' : `;pin-source=${pathToFileURL(pinFile).href}`;
  const key = { privateKeyEngine: engine, privateKeyIdentifier: `${uri}${pin}` };
  const context = contextOf(uri.replace(/pin-value=[^;&?]*/, 'pin-value=…'), { ...material, ...key });
  tokenContexts.set(uri, context);
  return context;
};

/** What OpenSSL says of PKCS#12 files. */
const PKCS12_FAULTS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/mac verify/i, 'cannot be decrypted: name the file of its passphrase with --key-passphrase-file'],
  [
    /unsupported/i,
    'is encrypted in a way that is no longer supported (RC2, 3DES): write it anew with openssl pkcs12 -legacy and -export',
  ],
  [/wrong tag|not enough data|asn1|header too long|too long/i, 'is no PKCS#12 file'],
  [/unable to load/i, 'holds no certificate with its key'],
];

const contextOf = (path: string, material: SecureContextOptions): SecureContext => {
  try {
    return createSecureContext(material);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known =
      material.pfx === undefined ? undefined : PKCS12_FAULTS.find(([pattern]) => pattern.test(message));
    throw new TlsFileError(`${path} ${known?.[1] ?? `cannot be used: ${message}`}`);
  }
};

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const validity = (path: string, own: X509Certificate, nowMs: number): string | null => {
  const [fromMs, toMs] = [Date.parse(own.validFrom), Date.parse(own.validTo)];
  const clock = `the clock here says ${new Date(nowMs).toISOString().slice(0, 16)}Z`;
  if (nowMs < fromMs)
    return `the certificate ${path} is not valid before ${day(fromMs)}, and ${clock}: set the clock`;
  if (nowMs > toMs) return `the certificate ${path} expired on ${day(toMs)} (${clock}): renew it`;
  return null;
};
