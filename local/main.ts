import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import { type CylinderRecord, newestSampleMs } from '../domain/cylinder/cylinder-record.ts';
import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import { lineStatus } from '../usecases/line-status.ts';
import type { QuarantineSummary } from '../usecases/ports/line-view.ts';
import type { Notifier } from '../usecases/ports/notification-log.ts';
import type { NotificationItem } from '../usecases/ports/outbox.ts';
import { type BrokerOptions, createBroker } from './broker/create-broker.ts';
import { answerBackups } from './keep/backup.ts';
import { refuseNewLedger, refuseNewTelemetry, type Store } from './keep/check-stores.ts';
import { serveDataFolder } from './keep/data-socket.ts';
import { startUpkeep } from './keep/upkeep.ts';
import { openLedgerDatabase } from './ledger/open-ledger-database.ts';
import { createSqliteLedger } from './ledger/sqlite-ledger.ts';
import { createSqliteNotificationLog } from './ledger/sqlite-notification-log.ts';
import { answerLine } from './line/answer-line.ts';
import { createNotices, type NoticeChannels } from './notices/create-notices.ts';
import { boundNames, DEFAULT_MAX_CYLINDERS } from './pipeline/name-bound.ts';
import { type Counts, createPipeline } from './pipeline/pipeline.ts';
import { consolePatience, createRelay } from './pipeline/relay.ts';
import { answerQuarantine, summaryOf } from './quarantine/answer-quarantine.ts';
import { sayQuarantined } from './quarantine/quarantine-words.ts';
import { createSqliteQuarantine } from './quarantine/sqlite-quarantine.ts';
import { createRunFacts, type DataFolder, type RunFacts } from './run/data-folder.ts';
import type { ReceiverClock } from './run/receiver-clock.ts';
import { type Answered, shadowTwins, TWIN } from './shadow/report-twin.ts';
import { createShadowService } from './shadow/shadow-service.ts';
import { boundShadows, createSqliteShadowStore } from './shadow/shadow-store.ts';
import { openDuckDbTelemetry } from './telemetry/duckdb-telemetry.ts';
import { answerQuestions } from './telemetry/query-telemetry.ts';
import { readIncidents } from './telemetry/read-incidents.ts';
import type { RetentionLimits } from './telemetry/retention.ts';

export type LocalOptions = Readonly<{
  folder: DataFolder;
  mqttPort: number;
  /** Who else may connect, and how. */
  clients?: Pick<BrokerOptions, 'outside' | 'webSocketPort'>;
  /** Cylinders, and gateways, that may speak. */
  maxCylinders?: number;
  policies: PolicyBook;
  /** A store that is to be begun anew, though the other one goes on. */
  newStore?: Store;
  /** How much of the samples stays; null for all. */
  retention?: RetentionLimits | null;
  /** Makes the clock once it is known when the last run saw a sample, ms. */
  clockFrom: (lastSeenMs: number | null) => ReceiverClock;
  /** Gets notices and transitions; what it got before a crash it does not get again. */
  notifier: Notifier;
  /** The notifier takes long, and nothing waits for it, or it is up to date again. */
  onLate?: (isLate: boolean) => void;
  /** What tells notices beside it, each at its own pace. */
  channels: NoticeChannels;
  /** What a crash left in doubt: it may have been sent, or may not. */
  onDoubtful: (items: readonly NotificationItem[]) => void;
  /** Gets what became of each command, once its twin says so. */
  onAnswered?: (answered: Answered) => void;
  onIncident: (incident: IncidentRecord) => void;
  /** Called for every message before it is taken in, with the time at which it was received. */
  onReceived?: (now: number) => void;
  /** The run cannot go on. */
  onFailure: (error: unknown) => void;
  log: (line: string) => void;
}>;

/** The whole pipeline on this machine, running. */
export type Local = Readonly<{
  port: number;
  /** Where else the broker listens, if it does. */
  outsidePort: number | null;
  webSocketPort: number | null;
  runFacts: RunFacts;
  clock: ReceiverClock;
  sweep(now: number): Promise<void>;
  counts(): Counts;
  cylinders(): Promise<ReadonlyMap<string, CylinderRecord>>;
  /** What was not understood, of the latest kinds first. */
  quarantine(): QuarantineSummary;
  /** Resolves when all that was taken in is stored, and each channel has told all that came of it, or fails. */
  settled(): Promise<void>;
  /** When all is closed: what waits for the next start, and what was refused, a line for each channel. */
  untold(): readonly string[];
  /** Takes nothing more in, and resolves when all that was taken is stored, acknowledged and sent out. */
  close(): Promise<void>;
}>;

/** Starts broker, stores, ledger, shadows and the use cases between them. Rejects with one line that says what to do. */
export const startLocal = (options: LocalOptions): Promise<Local> => start(options).catch(throwFirst);

const start = async (options: LocalOptions): Promise<Local> => {
  const { folder, policies, log } = options;
  await using starting = new AsyncDisposableStack();
  let isClosing = false;
  await refuseNewLedger(folder, options.newStore ?? null);
  const database = openLedgerDatabase({ path: folder.ledger });
  starting.defer(() => database.close());
  const ledger = createSqliteLedger({ database });
  const cylinders = async (): Promise<ReadonlyMap<string, CylinderRecord>> => {
    const entries = await ledger.cylinders((await ledger.names()).cylinders);
    return new Map([...entries].map(([name, { record }]) => [name, record]));
  };
  const newest = newestSampleMs((await cylinders()).values());
  const lastSeenMs = newest !== null && newest > 0 ? newest : null;
  refuseNewTelemetry(folder, lastSeenMs, options.newStore ?? null);
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  starting.defer(telemetry.close);
  const clock = options.clockFrom(lastSeenMs);

  const names = boundNames(await ledger.names(), options.maxCylinders ?? DEFAULT_MAX_CYLINDERS);
  const publish = (topic: string, payload: string): Promise<void> =>
    broker.publish(topic, payload).catch((error: unknown) => {
      // Nobody listens any more: who asks after the next start gets the state as it is stored now.
      if (!isClosing) throw error;
    });
  const shadows = createShadowService({
    store: { ...createSqliteShadowStore(database), mayBegin: boundShadows(database, names.isKnown) },
    publish,
    nowMs: clock.now,
    onDesired: async ({ thing, shadowName, desired }) => {
      if (shadowName !== TWIN || desired === null) return;
      await pipeline.applyDesired({ thing, desired, receivedAt: clock.now() });
    },
  });
  const notices = createNotices({
    ...options.channels,
    database,
    folder: folder.path,
    publish: (topic, payload) => broker.publish(topic, payload),
    log,
    fail: options.onFailure,
  });
  let untold: readonly string[] = [];
  starting.defer(async () => {
    await notices.close();
    untold = notices.summary();
  });
  const relay = createRelay({
    outbox: { pending: ledger.pending, done: notices.handOver },
    telemetry: {
      recordIncident: async (incident) => {
        await telemetry.recordIncident(incident);
        options.onIncident(incident);
      },
    },
    log: createSqliteNotificationLog({ database }),
    notifier: options.notifier,
    now: clock.now,
    onDoubtful: options.onDoubtful,
    late: {
      patience: consolePatience,
      pendingBeside: ledger.pendingBeside,
      handOverBeside: notices.handOverBeside,
      fail: options.onFailure,
      onLate: options.onLate ?? (() => undefined),
    },
    twins: shadowTwins({ shadows, onAnswered: options.onAnswered ?? (() => undefined), log }),
  });
  const quarantine = createSqliteQuarantine({ database, onPut: sayQuarantined(log) });
  const pipeline = createPipeline({
    telemetry,
    quarantine,
    ledger,
    policies,
    relay,
    fail: options.onFailure,
    log,
  });
  starting.defer(relay.end);
  starting.defer(pipeline.settle);
  const broker = await createBroker({
    host: '127.0.0.1',
    port: options.mqttPort,
    ...options.clients,
    receive: ({ topic, body, clientId }) => {
      const receivedAt = clock.receivedAt(topic, body);
      options.onReceived?.(receivedAt);
      const message = { topic, body, receivedAt, client: clientId };
      names.admit(message);
      return pipeline.take(message);
    },
    shadow: shadows,
    line: answerLine({
      now: clock.now,
      publish,
      incidents: readIncidents(telemetry),
      quarantine: answerQuarantine({ quarantine, now: clock.now, take: pipeline.take }),
      status: async () => {
        const gateways = await ledger.gateways((await ledger.names()).gateways);
        const known = new Map([...gateways].map(([name, { record }]) => [name, record]));
        const { staleAfterMs } = policies.default;
        return lineStatus(await cylinders(), known, clock.now(), staleAfterMs, summaryOf(quarantine, 20));
      },
    }),
    log,
  });
  starting.defer(broker.close);
  starting.defer(async () => {
    isClosing = true;
    await notices.closeTopic();
  });
  const asking = await serveDataFolder(
    folder.path,
    {
      backup: answerBackups({ folder, database, telemetry, between: pipeline.between }),
      query: answerQuestions(telemetry),
    },
    log,
  );
  starting.defer(asking.close);
  // What a crash left on the outbox goes out before anything new.
  await relay.drain();
  notices.start();
  const { retention = null } = options;
  if (retention !== null) {
    const upkeep = startUpkeep(
      { database, telemetry, path: folder.path, cylinders, now: clock.now, log },
      retention,
    );
    // Stopped first of all, and not waited for here: closing the store ends what is under way.
    starting.defer(() => void upkeep.stop());
  }
  const running = starting.move();
  return {
    port: broker.port,
    outsidePort: broker.outsidePort,
    webSocketPort: broker.webSocketPort,
    runFacts: createRunFacts(database),
    clock,
    sweep: pipeline.sweep,
    counts: pipeline.counts,
    cylinders,
    quarantine: () => summaryOf(quarantine, 20),
    settled: async () => {
      await pipeline.settle();
      await relay.settled();
      await notices.settled();
    },
    untold: () => untold,
    close: () => running.disposeAsync().catch(throwFirst),
  };
};

/** Of what failed while all was being closed, the first: all the rest may be its consequence. */
const throwFirst = (error: unknown): never => {
  if (error instanceof SuppressedError) return throwFirst(error.suppressed);
  throw error;
};
