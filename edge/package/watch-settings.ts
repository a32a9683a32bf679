import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../gateway/log.ts';
import { readSettings, type Settings } from './settings.ts';

type WatchSettingsParts = Readonly<{
  /** The configuration as it is now. */
  read: () => Promise<unknown>;
  /** Calls back when it may be another. */
  onChange: (changed: () => void) => Promise<void>;
  log: Log;
}>;

/** The settings, one after the other. */
type SettingsWatch = Readonly<{
  /** What holds now, null when it cannot be used, and the signal that it no longer holds. */
  next(): Promise<Readonly<{ settings: Settings | null; changed: AbortSignal }>>;
}>;

/** The nucleus reports every key by itself: what belongs together is waited for. */
const SETTLE_MS = 500;

/** Begins to watch the configuration. What is wrong with it is logged and never the end: the next one may be right. */
export const watchSettings = async (
  parts: WatchSettingsParts,
  settleMs = SETTLE_MS,
): Promise<SettingsWatch> => {
  const { read, onChange, log } = parts;
  let change = new AbortController();
  let known = '';

  async function look(): Promise<void> {
    await sleep(settleMs);
    if (!change.signal.aborted && JSON.stringify(await read()) !== known) change.abort();
  }

  await onChange(() => {
    look().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log({ level: 'warn', event: 'configuration', message: `it could not be read again: ${reason}` });
    });
  });

  return {
    async next() {
      change = new AbortController();
      const configuration = await read();
      known = JSON.stringify(configuration);
      const reading = readSettings(configuration);
      if (!reading.ok) {
        log({
          level: 'error',
          event: 'configuration',
          message: `${reading.message}; waiting for a right one`,
        });
        return { settings: null, changed: change.signal };
      }
      for (const key of reading.unknown) {
        log({ level: 'warn', event: 'configuration', message: `there is no setting ${key}: it is ignored` });
      }
      const { source, map } = reading.settings;
      if (map !== null && (source === 'simulated' || source === 'random'))
        log({
          level: 'warn',
          event: 'configuration',
          message: `the samples are made up (source ${source}): the map is not used`,
        });
      return { settings: reading.settings, changed: change.signal };
    },
  };
};
