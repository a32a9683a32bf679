import { recordingFile } from '../../backtest/recordings/open-table.ts';
import { payloadMapper } from '../../domain/mapping/map-payload.ts';
import type { Mapping } from '../../domain/mapping/mapping.ts';
import type { PayloadMapper } from '../../domain/message/read-message.ts';
import { isLiveKind, LIVE_SOURCES, type LiveKind, openLive } from '../../edge/gateway/live-source.ts';
import { openRecording, retimedSource } from '../../edge/recordings/recording.ts';
import { tableMapOf } from '../../edge/recordings/table.ts';
import { generatedSource } from '../../edge/sources/generated-source.ts';
import { ndjsonSource } from '../../edge/sources/ndjson-source.ts';
import { openSocketSource } from '../../edge/sources/socket-source.ts';
import type { NamedSource, OnSourceEvent } from '../../edge/sources/source.ts';
import { readMapFile } from '../options/map-file.ts';
import { UsageError } from '../terminal/usage-error.ts';

export type EdgeSourceOptions = Readonly<{
  source: 'stdin' | 'socket' | LiveKind | 'csv' | 'simulated' | 'random';
  socket?: string;
  map?: string;
  input?: string;
  untilEnd?: boolean;
  cylinders: number;
  seed: number;
}>;

/** What a gateway reads from, and how. */
export type EdgeSources = Readonly<{
  open(onEvent: OnSourceEvent): Promise<readonly NamedSource[]>;
  pace: 'clock' | 'arrival';
  /** The source waits while more samples than this are unacknowledged. Default: it never does. */
  maxQueued?: number;
  /** Of this age are the samples that go first; what is older drains behind. Default: the publisher's. */
  recentMs?: number;
  close(): Promise<void>;
}>;

const MAX_QUEUED = 50_000;

/** Checks what was asked for and prepares it. Rejects with a line that says what to do. */
export const edgeSources = async (options: EdgeSourceOptions): Promise<EdgeSources> => {
  const { source, socket, map, input, untilEnd } = options;
  if (source !== 'socket' && socket !== undefined) throw new UsageError('--socket goes with --source socket');
  if (source !== 'csv' && input !== undefined) throw new UsageError('--input goes with --source csv');
  if (map !== undefined && (source === 'simulated' || source === 'random'))
    throw new UsageError('--map goes with a source that is read, not with one that is made up');
  if (source !== 'csv' && untilEnd === true) throw new UsageError('--until-end goes with --source csv');
  if (isLiveKind(source)) return liveSources(source, await readMapFile(map));
  switch (source) {
    case 'stdin':
      return stdin(await mapperOf(map));
    case 'socket':
      return unixSocket(socket, await mapperOf(map));
    case 'csv':
      return recording(input, untilEnd === true, await readMapFile(map));
    case 'simulated':
    case 'random':
      return made(source, options);
  }
};

const mapperOf = async (file: string | undefined): Promise<PayloadMapper | undefined> => {
  const mapping = await readMapFile(file);
  return mapping && payloadMapper(mapping);
};

const stdin = (mapper: PayloadMapper | undefined): EdgeSources => ({
  open: (onEvent) => {
    const samples = ndjsonSource({ name: 'stdin', chunks: process.stdin, now: Date.now, onEvent, mapper });
    return Promise.resolve([{ name: 'stdin', source: samples }]);
  },
  pace: 'arrival',
  close: () => Promise.resolve(void process.stdin.destroy()),
});

const unixSocket = async (
  path: string | undefined,
  mapper: PayloadMapper | undefined,
): Promise<EdgeSources> => {
  if (path === undefined) throw new UsageError('--source socket needs its path: --socket PATH');
  let tell: OnSourceEvent = () => {};
  const opened = await openSocketSource({ path, now: Date.now, onEvent: (event) => tell(event), mapper });
  if (!opened.ok) throw new UsageError(opened.error.message);
  return {
    open: (onEvent) => {
      tell = onEvent;
      return Promise.resolve([{ name: path, source: opened.source }]);
    },
    pace: 'arrival',
    close: opened.close,
  };
};

/** A live source by its map. Rejects with a line that says what to do. */
export const liveSources = async (kind: LiveKind, mapping: Mapping | undefined): Promise<EdgeSources> => {
  const opened = await openLive(kind, mapping);
  if (!opened.ok) {
    if (mapping === undefined) throw new UsageError(`--source ${kind} ${opened.message}: --map FILE`);
    if (mapping[kind] !== undefined) throw new UsageError(opened.message);
    const others = LIVE_SOURCES.filter((one) => mapping[one] !== undefined);
    const fitting = others.length === 0 ? '' : `; it is one for --source ${others.join(', ')}`;
    throw new UsageError(`the map says nothing of "${kind}", where the devices are${fitting}`);
  }
  return {
    open: (onEvent) => Promise.resolve([opened.open(onEvent)]),
    pace: 'arrival',
    close: () => Promise.resolve(opened.close()),
  };
};

const recording = async (
  path: string | undefined,
  untilEnd: boolean,
  mapping: Mapping | undefined,
): Promise<EdgeSources> => {
  if (path === undefined) throw new UsageError('--source csv needs the recording: --input FILE');
  const opened = await openRecording(recordingFile(path, mapping && tableMapOf(mapping)));
  if (!opened.ok) throw new UsageError(opened.error.message);
  const { source } = opened.recording;
  return {
    open: () =>
      Promise.resolve([{ name: path, source: untilEnd ? source : retimedSource(source, nextSecond()) }]),
    pace: untilEnd ? 'arrival' : 'clock',
    // Nothing in a recording is more pressing than the rest: it goes in its order.
    ...(untilEnd ? { recentMs: Number.POSITIVE_INFINITY, maxQueued: MAX_QUEUED } : {}),
    close: () => Promise.resolve(),
  };
};

const made = (kind: 'simulated' | 'random', { cylinders, seed }: EdgeSourceOptions): EdgeSources => ({
  open: () => Promise.resolve([generatedSource({ kind, cylinders, seed }, Date.now())]),
  pace: 'clock',
  close: () => Promise.resolve(),
});

const nextSecond = (): number => Math.ceil(Date.now() / 1000) * 1000;
