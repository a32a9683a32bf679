import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { ARCHITECTURES, type Architecture } from '../package/recipes.ts';
import { reachable, reachableCommonJs } from './reachable.ts';
import type { ZipEntry } from './zip.ts';

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
