import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ARCHITECTURES, type Architecture } from '../package/recipes.ts';
import { reachableCommonJs } from './reachable.ts';
import type { ZipEntry } from './zip.ts';

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
