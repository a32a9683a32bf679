import { type FSWatcher, type Stats, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SensorValues } from '../../domain/message/sample.ts';
import type { Log } from '../gateway/log.ts';
import { contributions } from '../model/explain/contributions.ts';
import { loadModel } from '../model/formats/read-model.ts';
import { hasSameInputs, type Model, treesRemark, withTrees } from '../model/model.ts';
import { score } from '../model/predict/score.ts';
import { createWakeSignal, pause } from '../timing/timing.ts';

export type WaitForModelParts = Readonly<{
  log: Log;
  /** Notified what is wrong with it, once for each fault. */
  onFault: (message: string) => void;
  load: typeof loadModel;
}>;

const LOOK_EVERY_MS = 5000;

/**
 * Loads the model at a path; while there is none that can be read, as before the model component has been deployed,
 * looks again every five seconds. Null when the signal comes first.
 */
export const waitForModel = async (
  path: string,
  { log, onFault, load }: WaitForModelParts,
  signal: AbortSignal,
): Promise<Model | null> => {
  let reported = '';
  while (!signal.aborted) {
    const loaded = await load(path);
    if (loaded.ok) {
      const remark = treesRemark(loaded.model);
      if (remark !== null) log({ level: 'info', event: 'model', message: remark });
      return loaded.model;
    }
    const { message } = loaded.error;
    if (message !== reported) {
      log({ level: 'error', event: 'model', message: `${message}; waiting for a model at ${path}` });
      onFault(message);
    }
    reported = message;
    await pause(LOOK_EVERY_MS, signal);
  }
  return null;
};

/** What a model was given in the last while. */
export type SampleWindow = Readonly<{
  add(values: SensorValues): void;
  rows(): readonly SensorValues[];
  clear(): void;
}>;

/** Keeps the values of `lengthMs` by a clock that is never set, and at most `most` of them. */
export const createSampleWindow = (lengthMs: number, most: number, now: () => number): SampleWindow => {
  const kept: Readonly<{ atMs: number; values: SensorValues }>[] = [];
  let next = 0;
  return {
    add(values) {
      kept[next] = { atMs: now(), values };
      next = (next + 1) % most;
    },
    clear() {
      kept.length = 0;
      next = 0;
    },
    rows: () => kept.filter(({ atMs }) => now() - atMs <= lengthMs).map(({ values }) => values),
  };
};

/** Fewer rows than this say nothing about what is usual. */
const ENOUGH_ROWS = 30;
const ABNORMAL = 0.5;

/**
 * What speaks against `next` taking the place of `current`, by the rows of the last minute; null when nothing does:
 * a probability or contribution that is no number, one and the same probability for rows that the current model tells
 * apart, or the opposite of its word on every row, as after a training with inverted labels.
 */
export const validateCandidateModel = (
  current: Model,
  next: Model,
  rows: readonly SensorValues[],
): string | null => {
  const before = rows.map((values) => score(current, values).probability);
  const after = rows.map((values) => score(next, values).probability);
  if (after.some((probability) => !(probability >= 0 && probability <= 1))) {
    return 'it gives no probability for a sample of the last minute';
  }
  if (rows.some((values) => !contributions(next, values).sensors.every(Number.isFinite))) {
    return 'its contributions are not finite for a sample of the last minute';
  }
  if (rows.length < ENOUGH_ROWS) return null;
  if (isConstant(after) && !isConstant(before)) {
    return `it gives ${after[0]} for all ${rows.length} samples of the last minute, which the current model tells apart`;
  }
  const isOpposite = after.every((probability, index) => {
    return probability >= ABNORMAL !== (before[index] ?? 0) >= ABNORMAL;
  });
  if (isOpposite) {
    return `it says the opposite of the current model on all ${rows.length} samples of the last minute; start anew with it if that is right`;
  }
  return null;
};

const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);

/** What became of a new file: `kept` when it is the model that runs already. */
export type Reloading =
  | Readonly<{ kind: 'swap'; model: Model }>
  | Readonly<{ kind: 'kept' }>
  | Readonly<{ kind: 'refused'; message: string }>;

/** Loads what is at the path now and checks whether it may take the place of the current model. */
export const reloadModel = async (
  path: string,
  current: Model,
  rows: () => readonly SensorValues[],
  load: typeof loadModel = loadModel,
): Promise<Reloading> => {
  const loaded = await load(path);
  if (!loaded.ok) return { kind: 'refused', message: loaded.error.message };
  const model = current.trees === undefined ? loaded.model : withTrees(loaded.model, current.trees);
  if (model.version === current.version) return { kind: 'kept' };
  // What the one was given says nothing of the other where they are given different things.
  const objection = validateCandidateModel(current, model, hasSameInputs(current, model) ? rows() : []);
  if (objection === null) return { kind: 'swap', model };
  return { kind: 'refused', message: `${model.name}@${model.version}: ${objection}` };
};

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

type WatchOptions = Readonly<{
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
