import { randomUUID } from 'node:crypto';
import { type BaselineStore, createBaselines, openBaselines } from './gateway/baseline-store.ts';
import { createHousekeeping, createSourceReporter } from './gateway/housekeeping.ts';
import type { Log } from './gateway/log.ts';
import { createScorer, type GatewayOptions, runGateway, type Scorer } from './gateway/run-gateway.ts';
import type { Status } from './message/encode-message.ts';
import { loadModel } from './model/formats/read-model.ts';
import { hasSameInputs, type Model, modelLabel } from './model/model.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './publisher/publisher.ts';
import { QueueError } from './queue/file-store.ts';
import { createSampleWindow, reloadModel, type SampleWindow, watchPath } from './reload/reload-model.ts';
import {
  mergeSources,
  type NamedSource,
  type OnSourceEvent,
  type Source,
  type SourceSample,
} from './sources/source.ts';
import { pause, realClock } from './timing/timing.ts';
import type { Transport } from './transport/transport.ts';

export type EdgeParts = Readonly<{
  /** Where messages go: MQTT, or whatever else keeps the port. */
  transport: Transport;
  /** The model to begin with and where newer ones will be put. */
  model: Readonly<{ first: Model; path: string }>;
  /** Where a model on trial is, or will be put: it scores beside the other one, and decides nothing. */
  challengerPath?: string | undefined;
  /** How models are loaded: as they are, or with the calibration of their card. */
  load?: typeof loadModel;
  /** Opens the sources; what is wrong with them later goes to the callback. */
  openSources: (onEvent: OnSourceEvent) => Promise<readonly NamedSource[]>;
  log: Log;
}>;

export type EdgeOptions = Omit<PublisherOptions, 'queue'> &
  Readonly<{
    queue: Pick<PublisherOptions['queue'], 'path' | 'maxAgeMs' | 'maxBytes'>;
  }> &
  Pick<GatewayOptions, 'pace' | 'maxQueued' | 'signal'>;

/** Samples scored in this run, those acknowledged, and those that stay in the queue for the next start. */
export type EdgeResult = Readonly<{ samples: number; acknowledged: number; queued: number }>;

const WINDOW_MS = 60_000;
const WINDOW_MOST = 2000;
const LOOK_FOR_ROOM_MS = 2000;
const monotonic = () => performance.now();

/**
 * Runs a gateway until its sources have ended and all is acknowledged, or until the signal: then what is under way has
 * 1.2 s, and the rest stays on disk. Waits while the queue's disk is full; rejects when it cannot be opened otherwise or a message can never be delivered.
 */
export const startEdge = async (parts: EdgeParts, options: EdgeOptions): Promise<EdgeResult> => {
  const { log, model, transport } = parts;
  const clock = realClock(1);
  const now = clock.now;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const onTrouble = (message: string | null) => {
    publisher?.report({ kind: 'queue', t: now(), message });
    const level = message === null ? 'info' : 'error';
    log({ level, event: 'queue', message: message ?? 'The queue takes samples again.' });
  };
  const publisher = await openWithRoom(
    () => createPublisher({ transport, now }, { ...options, queue: { ...options.queue, onTrouble } }),
    log,
    options.signal,
  );
  if (publisher === null) return { samples: 0, acknowledged: 0, queued: 0 };
  const window = createSampleWindow(WINDOW_MS, WINDOW_MOST, monotonic);
  const baselines = toldBaselines(openBeside(options.queue.path, log), log);
  const scorer = createScorer(model.first, null, { baselines, onInputs: window.add });
  const { report, prune } = publisher;
  const sources = createSourceReporter({ report, log, now, monotonic });
  const housekeeping = createHousekeeping({ report, prune, log, wall: Date.now, monotonic });
  const everySecond = setInterval(() => {
    housekeeping();
    sources.tick();
  }, 1000);
  try {
    const boot = randomUUID();
    reportStart(publisher, { boot, model: model.first, log, t: now() });
    const fresh = { scorer, window, report, log, now, load: parts.load ?? loadModel };
    const watching = Promise.all([
      keepModelFresh(model.path, fresh, signal),
      keepChallengerFresh(parts.challengerPath, fresh, signal),
    ]);
    if (parts.challengerPath !== undefined) await takeChallenger(parts.challengerPath, fresh);
    const opened = await parts.openSources(sources.onEvent);
    const { samples, acknowledged, queued } = await runGateway(
      {
        source: endingWith(mergeSources(opened, sources.onEvent), sources.end),
        score: scorer.score,
        publisher,
        clock,
      },
      { ...options, boot, signal: options.signal },
    );
    ending.abort();
    await watching;
    return { samples, acknowledged, queued };
  } finally {
    ending.abort();
    clearInterval(everySecond);
    await publisher.close();
  }
};

/** Baselines last as long as the queue does: in memory, or beside it from one start to the next. */
const openBeside = (queue: string | null, log: Log): BaselineStore =>
  queue === null ? createBaselines() : openBaselines(`${queue}.baselines.json`, log);

/** Says in the log when a cylinder's baseline stands: until then the model is given nothing of it. */
const toldBaselines = (store: BaselineStore, log: Log): BaselineStore => ({
  of: store.of,
  keep(samples, cylinder, baseline) {
    store.keep(samples, cylinder, baseline);
    log({
      level: 'info',
      event: 'baseline',
      message: `${cylinder}: its baseline of ${samples} samples stands`,
    });
  },
});

/** Waits for a disk that is full, since nobody may come to start this again; null at the signal. */
const openWithRoom = async (
  open: () => Publisher,
  log: Log,
  signal: AbortSignal,
): Promise<Publisher | null> => {
  for (let isTold = false; !signal.aborted; isTold = true) {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof QueueError && error.code === 'QueueDiskFull')) throw error;
      if (!isTold) log({ level: 'error', event: 'queue', message: error.message });
      await pause(LOOK_FOR_ROOM_MS, signal);
    }
  }
  return null;
};

/** What is gathered at the end of a source is to be sent with its samples. */
async function* endingWith(source: Source, onEnd: () => void): AsyncGenerator<readonly SourceSample[], void> {
  yield* source;
  onEnd();
}

type Start = Readonly<{ boot: string; model: Model; log: Log; t: number }>;

const reportStart = (publisher: Publisher, { boot, model, log, t }: Start): void => {
  const queued = publisher.queued();
  const label = modelLabel(model);
  publisher.report({ kind: 'started', t, boot, model: label, queued });
  log({
    level: 'info',
    event: 'started',
    message: `start ${boot} by ${label}; ${queued} samples in the queue`,
  });
  if (publisher.movedTo === null) return;
  const message = `The queue was damaged; it is kept as ${publisher.movedTo} and a new one begun.`;
  publisher.report({ kind: 'queue', t, message });
  log({ level: 'error', event: 'queue', message });
};

type Freshness = Readonly<{
  scorer: Scorer;
  window: SampleWindow;
  report(status: Status): void;
  log: Log;
  now: () => number;
  load: typeof loadModel;
}>;

const keepModelFresh = (path: string, parts: Freshness, signal: AbortSignal): Promise<void> => {
  const { scorer, window, report, log, now, load } = parts;
  async function reload(): Promise<void> {
    const reloading = await reloadModel(path, scorer.model(), window.rows, load);
    const running = modelLabel(scorer.model());
    switch (reloading.kind) {
      case 'kept':
        return report({ kind: 'model', t: now(), model: running, modelError: null });
      case 'swap': {
        if (!hasSameInputs(scorer.model(), reloading.model)) window.clear();
        scorer.swap(reloading.model);
        const label = modelLabel(reloading.model);
        report({ kind: 'model', t: now(), model: label, modelError: null });
        return log({ level: 'info', event: 'model', message: `${label} takes the place of ${running}` });
      }
      case 'refused':
        report({ kind: 'model', t: now(), model: running, modelError: reloading.message });
        return log({ level: 'error', event: 'model', message: `${reloading.message}; ${running} stays` });
    }
  }
  return watchPath(path, reload, { signal });
};

/** Puts on trial what is at the path. One that cannot be read stops nothing: the other model goes on alone, or beside the one before. */
const takeChallenger = async (path: string, { scorer, report, log, now, load }: Freshness): Promise<void> => {
  const loaded = await load(path);
  if (!loaded.ok) {
    const message = `no model on trial: ${loaded.error.message}`;
    report({ kind: 'challenger', t: now(), challenger: null, modelError: loaded.error.message });
    return log({ level: 'warn', event: 'model', message });
  }
  const running = scorer.challenger();
  if (running?.version === loaded.model.version) return;
  scorer.swapChallenger(loaded.model);
  const label = modelLabel(loaded.model);
  report({ kind: 'challenger', t: now(), challenger: label, modelError: null });
  log({
    level: 'info',
    event: 'model',
    message: `${label} is on trial: it scores beside the model, and decides nothing`,
  });
};

const keepChallengerFresh = async (
  path: string | undefined,
  parts: Freshness,
  signal: AbortSignal,
): Promise<void> => {
  if (path !== undefined) await watchPath(path, () => takeChallenger(path, parts), { signal });
};
