import { openLive } from '../gateway/live-source.ts';
import type { Log } from '../gateway/log.ts';
import { createIpcTransport, type IpcEvent, type IpcTransportOptions } from '../ipc/ipc-transport.ts';
import {
  type ConnectNucleus,
  type NucleusClient,
  type NucleusEvent,
  openNucleusClient,
} from '../ipc/nucleus-client.ts';
import { startEdge } from '../main.ts';
import { echoTopic, encodeStatus, statusTopic } from '../message/encode-message.ts';
import { modelLoader } from '../model/calibration/calibrated-model.ts';
import { UndeliverableError } from '../publisher/deliver.ts';
import { waitForModel } from '../reload/reload-model.ts';
import { generatedSource } from '../sources/generated-source.ts';
import type { NamedSource, OnSourceEvent } from '../sources/source.ts';
import { pause } from '../timing/timing.ts';
import { basicIngestTransport, prefixedTransport } from '../transport/transport.ts';
import { type MapReading, readMapFile } from './map-setting.ts';
import { type Plan, planRun, type Surroundings } from './recipes.ts';
import { watchSettings } from './watch-settings.ts';

export type ComponentParts = Readonly<{
  connect: ConnectNucleus;
  surroundings: Surroundings;
  log: Log;
  /** Where the settings are when the nucleus has none for us. */
  configuration?: () => Promise<unknown>;
  /** Pauses between attempts to reach the nucleus again, ms. */
  reconnectMs?: readonly number[];
  ipc?: IpcTransportOptions;
}>;

const AGAIN_AFTER_MS = 60_000;

/**
 * Runs the gateway by the configuration that the nucleus has for it, begins anew when that changes, and resolves with
 * the code to end with: 0 after the signal; 1 when only a new start by the nucleus can help, as when it no longer knows
 * this process, or when people must, as with a right that is missing. Whatever else is wrong is logged and waited out.
 */
export const runComponent = async (parts: ComponentParts, signal: AbortSignal): Promise<0 | 1> => {
  const { log } = parts;
  const lost = new AbortController();
  const ending = AbortSignal.any([signal, lost.signal]);
  let nucleus: NucleusClient | null = null;
  try {
    nucleus = await openNucleusClient(parts.connect, {
      signal,
      onEvent: (event) => log(describeNucleus(event)),
      pausesMs: parts.reconnectMs,
    });
    void nucleus.hopeless.then((message) => {
      log({ level: 'error', event: 'nucleus', message: `${message}; this ends, to be started again` });
      lost.abort();
    });
    const { configuration, onConfigurationChange } = nucleus;
    const read = parts.configuration ?? configuration;
    const watch = await watchSettings({ read, onChange: onConfigurationChange, log });
    while (!ending.aborted) {
      const { settings, changed } = await watch.next();
      const life = AbortSignal.any([ending, changed]);
      if (settings === null) await pause(AGAIN_AFTER_MS, life);
      else await live({ ...parts, nucleus }, planRun(settings, parts.surroundings), life);
    }
  } catch (error) {
    // Stopped while the nucleus was away.
    if (signal.aborted && nucleus?.current() === null) return 0;
    const message = error instanceof Error ? error.message : String(error);
    log({ level: 'error', event: 'ended', message });
    return 1;
  } finally {
    await nucleus?.close();
  }
  return signal.aborted ? 0 : 1;
};

const describeNucleus = (event: NucleusEvent): Parameters<Log>[0] =>
  event.kind === 'found'
    ? { level: 'info', event: 'nucleus', message: 'the nucleus is back' }
    : {
        level: 'warn',
        event: 'nucleus',
        message: `${event.message}; trying again, and samples wait in the queue`,
      };

type Living = ComponentParts & Readonly<{ nucleus: NucleusClient }>;

/** One life by one configuration. Rejects when people must help; anything that may pass ends it after a minute. */
const live = async (parts: Living, plan: Plan, signal: AbortSignal): Promise<void> => {
  const { nucleus, log } = parts;
  const { gateway, modelPath, challengerPath, rulePrefix, topicPrefix } = plan;
  const load = modelLoader(plan.isCalibrated);
  const source = await openPlanSource(plan);
  if (!source.ok) {
    log({ level: 'error', event: 'source', message: source.message });
    return pause(AGAIN_AFTER_MS, signal);
  }
  try {
    const onFault = (modelError: string) => {
      const status = encodeStatus({ kind: 'model', t: Date.now(), model: 'none', modelError });
      nucleus
        .current()
        ?.publish(statusTopic(gateway), status)
        .catch(() => {});
    };
    const first = await waitForModel(modelPath, { log, onFault, load }, signal);
    if (first === null) return;
    const onEvent = (event: IpcEvent) => log(describe(event));
    const ipc = createIpcTransport({ nucleus, echoTopic: echoTopic(gateway), onEvent }, parts.ipc);
    const transport =
      rulePrefix === null
        ? prefixedTransport(ipc, topicPrefix)
        : basicIngestTransport(ipc, rulePrefix, topicPrefix);
    const result = await startEdge(
      { transport, model: { first, path: modelPath }, load, challengerPath, openSources: source.open, log },
      { ...plan.options, signal },
    );
    const { samples, acknowledged, queued } = result;
    const message = `${samples} samples scored, ${acknowledged} acknowledged, ${queued} kept in the queue`;
    log({ level: 'info', event: 'stopped', message });
  } catch (error) {
    if (error instanceof UndeliverableError || !(error instanceof Error)) throw error;
    // A disk that is full or a folder that is not ours may be put right without a new start.
    log({ level: 'error', event: 'failed', message: `${error.message}; trying again in a minute` });
    await pause(AGAIN_AFTER_MS, signal);
  } finally {
    await source.close();
  }
};

const describe = (event: IpcEvent): Parameters<Log>[0] => {
  const about = { event: 'publish' } as const;
  if (event.kind === 'back') return { ...about, level: 'info', message: 'AWS IoT Core takes messages again' };
  const message = `the nucleus does not publish: ${event.message}; samples wait in the queue`;
  return { ...about, level: 'warn', message };
};

type OpenedPlanSource =
  | Readonly<{
      ok: true;
      open(onEvent: OnSourceEvent): Promise<readonly NamedSource[]>;
      close(): Promise<void>;
    }>
  | Readonly<{ ok: false; message: string }>;

type PlanMap = MapReading | Readonly<{ ok: true; mapping: null }>;

const readPlanMap = ({ map, mapPath }: Plan): PlanMap =>
  map !== null || mapPath === null ? { ok: true, mapping: map } : readMapFile(mapPath);

/** Opens what a plan reads from. What is wrong with it is a value, since another configuration may cure it. */
const openPlanSource = async (plan: Plan): Promise<OpenedPlanSource> => {
  const { source, socketPath, cylinders, seed } = plan;
  if (source === 'simulated' || source === 'random') {
    const open = () => Promise.resolve([generatedSource({ kind: source, cylinders, seed }, Date.now())]);
    return { ok: true, open, close: () => Promise.resolve() };
  }
  const read = readPlanMap(plan);
  if (!read.ok) return read;
  const { mapping } = read;
  if (source !== 'socket') {
    const live = await openLive(source, mapping ?? undefined);
    if (!live.ok) return { ok: false, message: `source ${source}: ${live.message}` };
    return {
      ok: true,
      open: (onEvent) => Promise.resolve([live.open(onEvent)]),
      close: () => Promise.resolve(live.close()),
    };
  }
  let report: OnSourceEvent = () => {};
  // Imported where it is asked for: a gateway that reads another source has no memory for it.
  const { openSocketSource } = await import('../sources/socket-source.ts');
  const { payloadMapper } = await import('../../domain/mapping/map-payload.ts');
  const opened = await openSocketSource({
    mapper: mapping === null ? undefined : payloadMapper(mapping),
    path: socketPath,
    now: Date.now,
    onEvent: (event) => report(event),
  });
  if (!opened.ok) return { ok: false, message: opened.error.message };
  return {
    ok: true,
    open(onEvent) {
      report = onEvent;
      return Promise.resolve([{ name: socketPath, source: opened.source }]);
    },
    close: opened.close,
  };
};
