import { existsSync, readFileSync, statSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { ARCHITECTURES, type Architecture } from '../package/recipes.ts';

export type ZipEntry = Readonly<{ path: string; bytes: Uint8Array }>;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;
/** UTF-8 names. */
const FLAGS = 0x0800;
/** Midnight of the first day that a zip file can name. */
const DATE = 0x0021;
const UNIX = 3;
const REGULAR_FILE_644 = 0o100644;

/**
 * A zip file with the same bytes for the same entries, whenever and wherever it is made: sorted, without times. At
 * most 65,535 entries and 4 GB.
 */
export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const sorted = entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of sorted) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(bytes, { level: 9 });
    const about = Buffer.alloc(26);
    about.writeUInt16LE(VERSION, 0);
    about.writeUInt16LE(FLAGS, 2);
    about.writeUInt16LE(DEFLATED, 4);
    about.writeUInt16LE(DATE, 8);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(packed.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([uint32(LOCAL), about, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((REGULAR_FILE_644 << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([VERSION, UNIX]);
    centrals.push(Buffer.concat([uint32(CENTRAL), madeBy, about, place, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(sorted.length, 8);
  end.writeUInt16LE(sorted.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** A file that a program needs, with what it is to hold. */
export type ReachedFile = Readonly<{ path: string; text: string }>;

export type ReachOptions = Readonly<{
  /** What a file holds, as it will be packed. */
  read: (path: string) => string;
  /** The files that a module asks for by these names; null for what is none of ours, as a part of Node. */
  resolve: (specifier: string, from: string) => string | null;
  /** Finds what a module asks for. */
  asks: RegExp;
}>;

/** All files that can be reached from one module, by what each asks for; in no particular order. */
export const reachable = (entry: string, { read, resolve, asks }: ReachOptions): readonly ReachedFile[] => {
  const found = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = read(path);
    found.set(path, text);
    if (path.endsWith('.json')) continue;
    for (const [, specifier = ''] of text.matchAll(asks)) {
      const next = resolve(specifier, path);
      if (next !== null) waiting.push(next);
    }
  }
  return [...found].map(([path, text]) => ({ path, text }));
};

const REQUIRES = /\brequire\("([^"]+)"\)/g;

/** The files of a CommonJS package that can be reached from one of its modules, those of packages under the same folder included. */
export const reachableCommonJs = (modules: string, entry: string): readonly ReachedFile[] => {
  const manifests = new Set<string>();
  const files = reachable(join(modules, entry), {
    read: (path) => readFileSync(path, 'utf8'),
    resolve(specifier, from) {
      if (specifier.startsWith('.')) return moduleAt(join(dirname(from), specifier));
      const folder = join(modules, specifier);
      if (!existsSync(join(folder, 'package.json'))) return null;
      manifests.add(join(folder, 'package.json'));
      const { main = 'index.js' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return moduleAt(join(folder, main));
    },
    asks: REQUIRES,
  });
  manifests.add(join(modules, packageOf(entry), 'package.json'));
  return [...files, ...[...manifests].map((path) => ({ path, text: readFileSync(path, 'utf8') }))];
};

const moduleAt = (path: string): string => {
  const candidates = [path, `${path}.js`, join(path, 'index.js')];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (found === undefined) throw new Error(`${path} is asked for and is not there`);
  return found;
};

const packageOf = (entry: string): string => {
  const [first = '', second = ''] = entry.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
};

/** `from './x.ts'`, `import './x.ts'`, `import('./x.ts')` and `new URL('./x.json', import.meta.url)`. */
const ASKS = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)'([^']+)'/g;
const OWN = /((?:\bfrom\s*|\bimport\s*\(?\s*)'\.[^']*)\.ts'/g;

/**
 * A program's modules, from its entry on, as JavaScript that any Node from 22.13 on runs: the types are blanked out and
 * nothing else is changed, so that lines and columns in a stack trace are those of the source.
 */
export const programFiles = (root: string, entry: string): readonly ZipEntry[] => {
  const files = reachable(join(root, entry), {
    read: (path) => {
      const text = readFileSync(path, 'utf8');
      return path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    },
    resolve: (specifier, from) => (specifier.startsWith('.') ? join(dirname(from), specifier) : null),
    asks: ASKS,
  });
  return files.map(({ path, text }) => ({
    path: relative(root, path).replace(/\.ts$/, '.js'),
    bytes: Buffer.from(text.replace(OWN, "$1.js'")),
  }));
};

const SDK_ENTRY = 'aws-iot-device-sdk-v2/dist/greengrasscoreipc.js';
const LICENCES = ['aws-crt/LICENSE', 'aws-crt/NOTICE'];

/** The part of the AWS IoT Device SDK that speaks to a nucleus, with its native code for these processors alone. */
export const sdkFiles = (sdkFolder: string, architectures: readonly Architecture[]): readonly ZipEntry[] => {
  const modules = join(sdkFolder, 'node_modules');
  const code = reachableCommonJs(modules, SDK_ENTRY).map(({ path, text }) => ({
    path: relative(sdkFolder, path),
    bytes: Buffer.from(text),
  }));
  const native = architectures.map((architecture) => {
    if (!(architecture in ARCHITECTURES)) throw new Error(`there is no SDK for ${architecture}`);
    return `aws-crt/dist/bin/linux-${architecture}-glibc/aws-crt-nodejs.node`;
  });
  const others = [...native, ...LICENCES.filter((path) => existsSync(join(modules, path)))];
  return [...code, ...others.map((path) => entryOf(sdkFolder, join('node_modules', path)))];
};

/** What the program asks of npm beside the SDK. */
export const libraryFiles = (root: string): readonly ZipEntry[] => {
  const library = 'node_modules/valibot';
  return ['package.json', 'dist/index.mjs', 'LICENSE.md'].map((path) => entryOf(root, join(library, path)));
};

const entryOf = (folder: string, path: string): ZipEntry => ({
  path,
  bytes: readFileSync(join(folder, path)),
});
