import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Libraries that only some sources need, each kind in a package of its own beside this file. */
export const DRIVERS = {
  opcua: {
    of: 'OPC UA',
    module: 'node-opcua-client',
    megabytes: 33,
    modules: ['node-opcua-client', 'node-opcua-debug', 'node-opcua-certificate-manager'],
  },
  sparkplug: {
    of: 'Sparkplug B',
    module: 'protobufjs',
    megabytes: 17,
    modules: ['protobufjs/light', 'mqtt'],
  },
  serial: { of: 'a serial line', module: 'serialport', megabytes: 4, modules: ['serialport'] },
} as const;

export type DriverName = keyof typeof DRIVERS;

const INSTALL_WITHIN_MS = 300_000;

/** Where what a lock file names is kept for the next time, outside this project. */
export const cacheFolder = (name: string, packageFolder: string): string => {
  const lock = createHash('sha256').update(readFileSync(join(packageFolder, 'package-lock.json')));
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(caches, 'cylinder-sentinel-edge', `${name}-${lock.digest('hex').slice(0, 12)}`);
};

/** Whether all of it is there. */
export const isInstalled = (folder: string): boolean =>
  // npm writes this file last.
  existsSync(join(folder, 'node_modules', '.package-lock.json'));

/** Installs a package exactly as its lock file has it, unless it is there, and returns the folder. Rejects when it cannot be had. */
export const installPackage = async (name: string, packageFolder: string): Promise<string> => {
  const folder = cacheFolder(name, packageFolder);
  if (isInstalled(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(packageFolder, file), join(folder, file));
  const args = ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  const options = { cwd: folder, timeout: INSTALL_WITHIN_MS, shell: process.platform === 'win32' };
  await promisify(execFile)('npm', args, options);
  return folder;
};

const packageOf = (name: DriverName): string => join(import.meta.dirname, name);

export const installDriver = (name: DriverName): Promise<string> => installPackage(name, packageOf(name));

/** All modules of a driver in one file beside this one: so they lie in a package for a core device. */
export const DRIVER_BUNDLE = 'modules.cjs';

/** Where a driver was installed, or null. */
const driverFolder = (name: DriverName): string | null => {
  const installed = cacheFolder(name, packageOf(name));
  return isInstalled(installed) ? installed : null;
};

/** Why a source cannot begin: what it needs is not there. */
export class DriverMissing extends Error {
  override readonly name = 'DriverMissing';
  constructor(driver: DriverName) {
    const { of, module, megabytes } = DRIVERS[driver];
    super(
      `${of} needs ${module} (${megabytes} MB), which is not there; install it, once: npm run -s sentinel -- source install ${driver}`,
    );
  }
}

/** A module of a driver. Throws DriverMissing where the driver is not installed. */
export const loadDriver = async (driver: DriverName, module: string): Promise<unknown> => {
  const bundle = join(packageOf(driver), DRIVER_BUNDLE);
  if (existsSync(bundle)) return createRequire(bundle)(bundle)[module];
  const folder = driverFolder(driver);
  if (folder === null) throw new DriverMissing(driver);
  const path = createRequire(join(folder, 'package.json')).resolve(module);
  const loaded: { default?: unknown } = await import(pathToFileURL(path).href);
  return loaded.default ?? loaded;
};
