import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { DRIVER_BUNDLE, DRIVERS, type DriverName } from '../drivers/driver.ts';
import type { Architecture } from '../package/recipes.ts';
import type { ZipEntry } from './package-files.ts';

/** Asked for only by who chooses another lock than the usual one, which nobody does here. */
const NEVER_ASKED_FOR = ['proper-lockfile'];

/** The native part of `serialport`, by processor, where the code that is bundled looks for it: beside its folder. */
const NATIVE: Readonly<Record<Architecture, string>> = {
  x64: 'prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
  arm64: 'prebuilds/linux-arm64/@serialport+bindings-cpp.armv8.glibc.node',
};

const LICENCE = /^(licen[cs]e|notice)(\.\w+)?$/i;

/** The licences of what a bundle holds, in one text. */
const licencesOf = (folder: string, inputs: readonly string[]): string => {
  const packages = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(packages)]
    .toSorted()
    .map((name) => {
      const at = join(folder, 'node_modules', name);
      const texts = readdirSync(at).filter((file) => LICENCE.test(file));
      const { version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      const said = texts.map((file) => readFileSync(join(at, file), 'utf8').trim());
      return [`${name} ${version}, ${JSON.stringify(license)}`, ...said].join('\n\n');
    })
    .join('\n\n----\n\n');
};

/** A driver's modules as one file, and the licences of all that is in it. */
const bundleDriver = (driver: DriverName, folder: string): readonly ZipEntry[] => {
  const asked = DRIVERS[driver].modules.map(
    (name) => `${JSON.stringify(name)}: require(${JSON.stringify(name)})`,
  );
  const { outputFiles, metafile } = buildSync({
    stdin: { contents: `module.exports = { ${asked.join(', ')} };`, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    // node-opcua finds types by the names of their classes.
    keepNames: true,
    legalComments: 'none',
    external: NEVER_ASKED_FOR,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`of ${driver} nothing was bundled`);
  const licences = licencesOf(folder, Object.keys(metafile.inputs));
  return [
    { path: `edge/drivers/${driver}/${DRIVER_BUNDLE}`, bytes: Buffer.from(bundle.contents) },
    { path: `edge/drivers/${driver}/LICENCES.txt`, bytes: Buffer.from(`${licences}\n`) },
  ];
};

/** Where the packages of each driver are installed. */
export type DriverFolders = Readonly<Record<DriverName, string>>;

/** What the live sources need beside the program, with the native part for each processor. */
export const driverFiles = (
  folders: DriverFolders,
): ((of: readonly Architecture[]) => readonly ZipEntry[]) => {
  const bundles = [
    ...bundleDriver('opcua', folders.opcua),
    ...bundleDriver('sparkplug', folders.sparkplug),
    ...bundleDriver('serial', folders.serial),
  ];
  const bindings = join(folders.serial, 'node_modules/@serialport/bindings-cpp');
  return (architectures) => [
    ...bundles,
    ...architectures.map((architecture) => {
      const path = NATIVE[architecture];
      if (!existsSync(join(bindings, path))) throw new Error(`serialport has nothing for ${architecture}`);
      return { path: `edge/drivers/${path}`, bytes: readFileSync(join(bindings, path)) };
    }),
  ];
};
