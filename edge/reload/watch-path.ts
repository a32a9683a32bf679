import { type FSWatcher, type Stats, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createWakeSignal, pause } from '../timing/wake-signal.ts';

/** What distinguishes one state of a file, or of the files in a folder, from another without reading them; empty when there is none. */
export const fingerprint = async (path: string): Promise<string> => {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return describe('', found);
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const files = await Promise.all(names.map(async (name) => describe(name, await stat(join(path, name)))));
    return files.join('\n');
  } catch {
    // Something is missing or was replaced this moment: another look follows.
    return '';
  }
};

const describe = (name: string, { ino, size, mtimeMs }: Stats): string => `${name} ${ino} ${size} ${mtimeMs}`;

export type WatchOptions = Readonly<{
  /** For so long a file must stay as it is before it counts as whole, ms; default 1 s. */
  settleMs?: number;
  /** How often to look where the system reports nothing, as on network drives, ms; default 5 s. */
  pollMs?: number;
  signal: AbortSignal;
}>;

/** Calls `onChange`, and waits for it, whenever a file, or a folder's files, have become others and stay so. Ends with the signal. */
export const watchPath = async (
  path: string,
  onChange: () => Promise<void>,
  options: WatchOptions,
): Promise<void> => {
  const { settleMs = 1000, pollMs = 5000, signal } = options;
  const wake = createWakeSignal();
  const stopListening = listen(path, wake.notify);
  let known = await fingerprint(path);
  while (!signal.aborted) {
    await wake.wait(pollMs, signal);
    let seen = await fingerprint(path);
    if (seen === known || signal.aborted) continue;
    for (let before = ''; before !== seen && !signal.aborted; ) {
      before = seen;
      await pause(settleMs, signal);
      seen = await fingerprint(path);
    }
    known = seen;
    if (!signal.aborted) await onChange();
  }
  stopListening();
};

/** A file that is replaced would go unnoticed by itself, but its folder changes too. */
const listen = (path: string, onEvent: () => void): (() => void) => {
  const folder = dirname(resolve(path));
  const watchers = [
    tryToWatch(path, onEvent),
    tryToWatch(folder, (name) => {
      if (name === null || name === basename(path)) onEvent();
    }),
  ];
  return () => {
    for (const watcher of watchers) watcher?.close();
  };
};

const tryToWatch = (path: string, onEvent: (name: string | null) => void): FSWatcher | null => {
  try {
    return watch(path, (_, name) => onEvent(name)).on('error', () => {});
  } catch {
    return null;
  }
};
