import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { env, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CACHE = fileURLToPath(new URL('../../../.cache', import.meta.url));
const run = promisify(execFile);

/** Debian puts brokers where only root looks, and Go's own archive goes to a folder of its own. */
const FOLDERS = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/go/bin'];

const found = (name: string): string | null => {
  for (const folder of FOLDERS) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // It is in another one.
    }
  }
  return null;
};

/** Does work in a folder beside the one that is wanted, which is there only when all of it is. */
const made = async (folder: string, work: (building: string) => Promise<unknown>): Promise<string> => {
  if (existsSync(folder)) return folder;
  const building = `${folder}.${pid}`;
  await mkdir(building, { recursive: true });
  try {
    await work(building);
    await rename(building, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return folder;
};

export const TELEGRAF = 'v1.34.4';
/** As its own tool for small builds does it: what a line needs, of some four hundred plugins. */
const TELEGRAF_TAGS = 'custom,inputs.mqtt_consumer,parsers.json_v2,outputs.influxdb';

const telegraf = async (): Promise<string> => {
  const installed = found('telegraf');
  if (installed !== null) return installed;
  const go = found('go');
  if (go === null) throw new Error('Telegraf is missing, and Go, which could build it');
  const module = `github.com/influxdata/telegraf/cmd/telegraf@${TELEGRAF}`;
  const folder = await made(join(CACHE, `telegraf-${TELEGRAF}`), (building) =>
    run(go, ['install', '-tags', TELEGRAF_TAGS, '-ldflags', '-s -w', module], {
      env: { ...env, GOBIN: building, GOTOOLCHAIN: 'auto', GOFLAGS: '', CGO_ENABLED: '0' },
    }),
  );
  return join(folder, 'telegraf');
};

const influxd = async (): Promise<string> => {
  const installed = found('influxd');
  if (installed !== null) return installed;
  const [apt, dpkg] = [found('apt-get'), found('dpkg-deb')];
  if (apt === null || dpkg === null) throw new Error('InfluxDB is missing (influxd)');
  const folder = await made(join(CACHE, 'influxdb-debian'), async (building) => {
    await run(apt, ['download', '-qq', 'influxdb'], { cwd: building });
    const archive = (await readdir(building)).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get brought no package influxdb');
    await run(dpkg, ['-x', join(building, archive), building]);
  });
  return join(folder, 'usr/bin/influxd');
};

export type PeerPrograms = Readonly<{ mosquitto: string; telegraf: string; influxd: string }>;

/**
 * The paths of the three programs: as installed, or else brought into `.cache/` on first use, Telegraf built from its
 * module and InfluxDB from Debian's package. Rejects with one line where one of them cannot be had.
 */
export const peerPrograms = async (): Promise<PeerPrograms> => {
  const mosquitto = found('mosquitto');
  if (mosquitto === null) throw new Error('Mosquitto is missing (mosquitto)');
  return { mosquitto, influxd: await influxd(), telegraf: await telegraf() };
};
