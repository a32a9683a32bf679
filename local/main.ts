import { newestSampleMs } from '../domain/cylinder/cylinder-record.ts';
import { lineStatus } from '../usecases/line-status.ts';
import { createBroker } from './broker/create-broker.ts';
import { localDesk, toldOfSaves } from './desk/local-desk.ts';
import { answerExports } from './exchange/export-folder.ts';
import { answerImports } from './exchange/import-folder.ts';
import { answerBackups } from './keep/backup.ts';
import { refuseNewLedger, refuseNewTelemetry } from './keep/check-stores.ts';
import { serveDataFolder } from './keep/data-socket.ts';
import { startUpkeep } from './keep/upkeep.ts';
import { openLedgerDatabase } from './ledger/open-ledger-database.ts';
import { allRecords, createSqliteLedger } from './ledger/sqlite-ledger.ts';
import { createSqliteNotificationLog } from './ledger/sqlite-notification-log.ts';
import { answerLine } from './line/mqtt-line.ts';
import type { Local, LocalOptions } from './local-options.ts';
import { createNotices } from './notices/create-notices.ts';
import { boundNames, DEFAULT_MAX_CYLINDERS } from './pipeline/name-bound.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { consolePatience, createRelay } from './pipeline/relay.ts';
import { answerQuarantine, summaryOf } from './quarantine/answer-quarantine.ts';
import { sayQuarantined } from './quarantine/quarantine-words.ts';
import { createSqliteQuarantine } from './quarantine/sqlite-quarantine.ts';
import { createRunFacts } from './run/data-folder.ts';
import { createShadowService, shadowTwins, TWIN } from './shadow/shadow-service.ts';
import { boundShadows, createSqliteShadowStore } from './shadow/shadow-store.ts';
import { openDuckDbTelemetry } from './telemetry/duckdb-telemetry.ts';
import { answerQuestions } from './telemetry/query-telemetry.ts';
import { readIncidents } from './telemetry/read-incidents.ts';

/** Starts broker, stores, ledger, shadows and the use cases between them. Rejects with one line that says what to do. */
export const startLocal = (options: LocalOptions): Promise<Local> => start(options).catch(throwFirst);

const start = async (options: LocalOptions): Promise<Local> => {
  const { folder, policies, log } = options;
  await using starting = new AsyncDisposableStack();
  let isClosing = false;
  await refuseNewLedger(folder, options.newStore ?? null);
  const database = openLedgerDatabase({ path: folder.ledger });
  starting.defer(() => database.close());
  const told = toldOfSaves(createSqliteLedger({ database }), () => clock.now());
  const { ledger } = told;
  const { cylinders, gateways } = allRecords(ledger);
  const newest = newestSampleMs((await cylinders()).values());
  const lastSeenMs = newest !== null && newest > 0 ? newest : null;
  refuseNewTelemetry(folder, lastSeenMs, options.newStore ?? null);
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  starting.defer(telemetry.close);
  const clock = options.clockFrom(lastSeenMs);

  const names = boundNames(
    await ledger.names(),
    options.maxCylinders ?? DEFAULT_MAX_CYLINDERS,
    options.reading,
  );
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
    reading: options.reading,
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
    topics: options.reading?.topics,
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
      quarantine: answerQuarantine({
        quarantine,
        now: clock.now,
        take: pipeline.take,
        reading: options.reading,
      }),
      status: async () => {
        const { staleAfterMs } = policies.default;
        return lineStatus(
          await cylinders(),
          await gateways(),
          clock.now(),
          staleAfterMs,
          summaryOf(quarantine, 20),
        );
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
      query: answerQuestions(telemetry, database),
      export: answerExports(telemetry),
      import: answerImports(telemetry),
    },
    log,
  );
  starting.defer(asking.close);
  // What a crash left on the outbox goes out before anything new.
  await relay.drain();
  notices.start();
  const { retention = null } = options;
  const upkeep = startUpkeep(
    { database, telemetry, path: folder.path, cylinders, now: clock.now, log },
    retention,
  );
  // Stopped first of all, and not waited for here: closing the store ends what is under way.
  starting.defer(() => void upkeep.stop());
  const desk = localDesk({
    database,
    ledger,
    telemetry,
    shadows,
    policies,
    now: clock.now,
    changes: told.changes,
    quarantine: () => summaryOf(quarantine, 20),
    channels: notices.channels,
  });
  const running = starting.move();
  return {
    port: broker.port,
    outsidePort: broker.outsidePort,
    webSocketPort: broker.webSocketPort,
    runFacts: createRunFacts(database),
    clock,
    desk,
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
