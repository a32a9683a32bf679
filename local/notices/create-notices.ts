import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import { realClock } from '../../edge/timing/timing.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import type { PipelineState } from '../../usecases/ports/desk-view.ts';
import { NOTICE_TOPIC } from '../access/access-rules.ts';
import { createSqliteDeliveries } from '../ledger/sqlite-deliveries.ts';
import { type Channel, createOutageReport, type NoticeOrigin, type OutageReport } from './channel.ts';
import { createCommandChannel, createWebhookChannel, type WebhookOptions } from './channels.ts';
import { type DeliveryWorker, startDeliveryWorker } from './delivery-worker.ts';

type TopicOptions = Readonly<{
  origin: NoticeOrigin;
  publish: (topic: string, payload: string) => Promise<void>;
}>;

/** Stands in the topic where a notice is of a gateway as such, and of no cylinder. */
const NO_CYLINDER = '-';

export const noticeTopic = (site: string, output: NoticeOutput): string =>
  `${NOTICE_TOPIC}/${site}/${'cylinder' in output ? output.cylinder : NO_CYLINDER}`;

/** Publishes a notice on the broker, for whoever is connected or has a session there. */
export const createTopicChannel = ({ origin, publish }: TopicOptions): Channel => ({
  name: 'topic',
  title: NOTICE_TOPIC,
  deliver: async (notice) => {
    await publish(noticeTopic(origin.site, notice.output), JSON.stringify(noticeRecord(notice, origin)));
    return { kind: 'told' };
  },
});

/** By what notices are told beside the console, and for which site. */
export type NoticeChannels = Readonly<{ origin: NoticeOrigin; command?: string; webhook?: WebhookOptions }>;

type Options = NoticeChannels &
  Readonly<{
    database: DatabaseSync;
    /** The folder of the run's files. */
    folder: string;
    publish: (topic: string, payload: string) => Promise<void>;
    log: (line: string) => void;
    fail: (error: unknown) => void;
  }>;

export type Notices = Readonly<{
  /** Takes entries off the outbox; the notices among them wait for each channel from then on. */
  handOver(outboxIds: readonly number[]): Promise<void>;
  /** Lets the channels tell what waits on the outbox for the console, which keeps it there. */
  handOverBeside(): Promise<void>;
  /** Begins to tell what waits. */
  start(): void;
  /** Resolves when each channel has told all that waited, or fails. */
  settled(): Promise<void>;
  /** How many notices wait for each channel, and what keeps it from telling them. */
  channels(): PipelineState['channels'];
  /** What waits for the next start, and what was refused, in a line for each channel that has any. */
  summary(): readonly string[];
  /** Ends what the broker serves; to be called before it closes. */
  closeTopic(): Promise<void>;
  /** Ends all within seconds; what is not told by then waits for the next start. */
  close(): Promise<void>;
}>;

const RETENTION_MS = 7 * 86_400_000;
/** Subscribers of the last run have so long to connect again, where something waits for them. */
const RECONNECT_MS = 5000;
const GRACE_MS = 2000;
const TOPIC_GRACE_MS = 500;
/** A command may say a lot before it fails. */
const MAX_TROUBLE_CHARACTERS = 500;

/** Tells each notice by each channel, whatever becomes of the others; what waits is in the ledger's file. */
export const createNotices = (options: Options): Notices => {
  const { database, folder, origin, command, webhook, log, fail } = options;
  const clock = realClock(1);
  const deliveries = createSqliteDeliveries(database);
  const refusedPath = join(folder, 'refused-notices.jsonl');
  const channels: readonly Channel[] = [
    createTopicChannel(options),
    ...(command === undefined ? [] : [createCommandChannel({ command, origin })]),
    ...(webhook === undefined ? [] : [createWebhookChannel({ ...webhook, origin, now: Date.now })]),
  ];
  const names = channels.map(({ name }) => name);
  const workers = new Map<Channel['name'], DeliveryWorker>();
  const reports = new Map<string, OutageReport>();
  const reportOf = (title: string): OutageReport =>
    createOutageReport({ title, refusedPath, retentionMs: RETENTION_MS, now: clock.now, log });

  const startChannel = (channel: Channel, isWaiting: boolean): void => {
    const report = reportOf(channel.title);
    reports.set(channel.name, report);
    const worker = startDeliveryWorker({
      channel,
      deliveries,
      report,
      keepRefused: (notice, reason) => {
        const line = { at: clock.now(), channel: channel.name, reason, notice: noticeRecord(notice, origin) };
        appendFileSync(refusedPath, `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true });
      },
      clock,
      random: Math.random,
      retentionMs: RETENTION_MS,
      ...(channel.name === 'topic' && isWaiting ? { firstAt: clock.now() + RECONNECT_MS } : {}),
      fail,
    });
    workers.set(channel.name, worker);
  };

  /** Of channels that this run does not have. */
  const sayUnused = (waiting: ReadonlyMap<string, number>): void => {
    for (const [name] of waiting) {
      if (names.some((used) => used === name)) continue;
      const dropped = deliveries.expire(name, clock.now() - RETENTION_MS).length;
      if (dropped > 0) reportOf(`--notify-${name}`).dropped(dropped);
      const left = deliveries.waiting().get(name) ?? 0;
      if (left > 0)
        log(`${left} notices of an earlier run wait for --notify-${name}, which this run does not have`);
    }
  };

  const closeWorkers = async (used: Iterable<DeliveryWorker>, graceMs: number): Promise<void> => {
    await Promise.all([...used].map((worker) => worker.close(graceMs)));
  };

  return {
    handOver: async (outboxIds) => {
      await deliveries.handOver(outboxIds, names, clock.now());
      for (const worker of workers.values()) worker.wake();
    },
    handOverBeside: async () => {
      await deliveries.handOverBeside(names, clock.now());
      for (const worker of workers.values()) worker.wake();
    },
    start: () => {
      const waiting = deliveries.waiting();
      sayUnused(waiting);
      for (const channel of channels) startChannel(channel, waiting.has(channel.name));
    },
    settled: async () => {
      await Promise.all([...workers.values()].map((worker) => worker.settled()));
    },
    channels: () => {
      const waiting = deliveries.waiting();
      return names.map((name) => ({
        name,
        pending: waiting.get(name) ?? 0,
        lastError: reports.get(name)?.trouble()?.slice(0, MAX_TROUBLE_CHARACTERS) ?? null,
      }));
    },
    summary: () => {
      const waiting = deliveries.waiting();
      return [...reports].flatMap(([name, report]) => report.summary(waiting.get(name) ?? 0) ?? []);
    },
    closeTopic: async () => {
      const topic = workers.get('topic');
      workers.delete('topic');
      await topic?.close(TOPIC_GRACE_MS);
    },
    close: () => closeWorkers(workers.values(), GRACE_MS),
  };
};
