import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { readTlsFiles, type TlsFiles } from '../../../edge/transport/tls-files.ts';
import { certificates } from '../../local/access/outside-fixture.ts';

const DAY_MS = 86_400_000;

/** What else than a certificate and its key people name by mistake. */
const files = (t: TestContext) => {
  const at = certificates(t, ['line-1', 'line-2']);
  const openssl = (...words: readonly string[]) =>
    execFileSync('openssl', words, { cwd: at('.'), stdio: 'ignore' });
  writeFileSync(at('passphrase'), 'correct horse\n');
  writeFileSync(at('wrong-passphrase'), 'battery staple\r\n');
  writeFileSync(at('text'), 'no certificate at all');
  writeFileSync(
    at('cut.pem'),
    `${readFileSync(at('line-1.pem'), 'utf8').slice(0, 300)}\n-----END CERTIFICATE-----\n`,
  );
  writeFileSync(at('cut.key'), `-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n`);
  mkdirSync(at('folder'));
  openssl('pkey', '-in', 'line-1.key', '-aes256', '-passout', 'file:passphrase', '-out', 'encrypted.key');
  openssl('x509', '-in', 'line-1.pem', '-outform', 'der', '-out', 'line-1.der');
  openssl(
    'pkcs12',
    '-export',
    '-in',
    'line-1.pem',
    '-inkey',
    'line-1.key',
    '-passout',
    'file:passphrase',
    '-out',
    'line-1.p12',
  );
  return at;
};

const read = (at: (file: string) => string, named: TlsFiles, nowMs = Date.now()) => {
  const paths = Object.entries(named).map(([what, file]) => [
    what,
    file === undefined ? undefined : at(file),
  ]);
  const result = readTlsFiles(Object.fromEntries(paths), nowMs);
  // Neither a key nor a passphrase is ever told.
  if (!result.ok)
    assert.doesNotMatch(result.message, /\n|MIGH|BEGIN P|correct horse|battery staple|no certificate at all/);
  return result;
};

test('a certificate with its key, plain or encrypted, a PKCS#12 file, and an authority alone are taken', (t) => {
  const at = files(t);
  for (const named of [
    {},
    { ca: 'ca.pem' },
    { cert: 'line-1.pem', key: 'line-1.key', ca: 'ca.pem' },
    { cert: 'line-1.pem', key: 'encrypted.key', passphraseFile: 'passphrase' },
    { pkcs12: 'line-1.p12', passphraseFile: 'passphrase' },
  ]) {
    const result = read(at, named);
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.notNow, null);
  }
});

const PAIR = { cert: 'line-1.pem', key: 'line-1.key' } as const;
const FAULTS: readonly (readonly [what: string, named: TlsFiles, message: RegExp])[] = [
  ['a certificate that is not there', { ...PAIR, cert: 'absent.pem' }, /absent\.pem: there is no such file$/],
  ['a key that is not there', { ...PAIR, key: 'absent.key' }, /absent\.key: there is no such file$/],
  ['a folder', { ...PAIR, key: 'folder' }, /folder: it is a folder$/],
  ['a text', { ...PAIR, cert: 'text' }, /text holds no certificate in PEM/],
  ['a certificate as DER', { ...PAIR, cert: 'line-1.der' }, /line-1\.der holds no certificate in PEM/],
  [
    'the files the wrong way round',
    { cert: 'line-1.key', key: 'line-1.pem' },
    /line-1\.key holds no certificate in PEM/,
  ],
  ['a certificate for a key', { ...PAIR, key: 'line-1.pem' }, /line-1\.pem holds no private key in PEM/],
  [
    'a certificate that is cut off',
    { ...PAIR, cert: 'cut.pem' },
    /cut\.pem holds a certificate that cannot be read/,
  ],
  ['a key that is cut off', { ...PAIR, key: 'cut.key' }, /cut\.key holds a key that cannot be read/],
  [
    'the key of another',
    { ...PAIR, key: 'line-2.key' },
    /line-2\.key is not the key of the certificate .*line-1\.pem/,
  ],
  [
    'no passphrase',
    { ...PAIR, key: 'encrypted.key' },
    /encrypted\.key is encrypted: .*--key-passphrase-file$/,
  ],
  [
    'another passphrase',
    { ...PAIR, key: 'encrypted.key', passphraseFile: 'wrong-passphrase' },
    /encrypted\.key cannot be decrypted: the passphrase is another one$/,
  ],
  ['no authority', { ...PAIR, ca: 'text' }, /text holds no certificate in PEM/],
  ['no PKCS#12', { pkcs12: 'text' }, /text is no PKCS#12 file$/],
  [
    'PKCS#12 without its passphrase',
    { pkcs12: 'line-1.p12' },
    /line-1\.p12 cannot be decrypted: .*--key-passphrase-file$/,
  ],
  [
    'PKCS#12 with another passphrase',
    { pkcs12: 'line-1.p12', passphraseFile: 'wrong-passphrase' },
    /line-1\.p12 cannot be decrypted/,
  ],
];

test('what cannot be used is told in one line that names the file, and nothing of what it holds', (t) => {
  const at = files(t);
  for (const [what, named, message] of FAULTS) {
    const result = read(at, named);
    assert.ok(!result.ok, what);
    assert.match(result.message, message, what);
  }
});

test('outside its time a certificate is told with the clock of this machine, and is no fault of the files', (t) => {
  const at = certificates(t, ['line-1']);
  for (const [nowMs, told] of [
    [
      0,
      /^the certificate .*line-1\.pem is not valid before \d{4}-\d\d-\d\d, and the clock here says 1970-01-01T00:00Z: set the clock$/,
    ],
    [
      Date.now() + 2 * DAY_MS,
      /^the certificate .*line-1\.pem expired on .* \(the clock here says .*Z\): renew it$/,
    ],
  ] as const) {
    const result = read(at, PAIR, nowMs);
    assert.ok(result.ok);
    assert.match(String(result.notNow), told);
  }
});
