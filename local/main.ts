import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import type { NotificationItem } from '../usecases/ledger-item.ts';
import type { Notifier } from '../usecases/ports/notifier.ts';
import { createBroker } from './broker/create-broker.ts';
import { openLedgerDatabase } from './ledger/open-ledger-database.ts';
import { createSqliteLedger } from './ledger/sqlite-ledger.ts';
import { createSqliteNotificationLog } from './ledger/sqlite-notification-log.ts';
import { type Counts, createPipeline } from './pipeline/pipeline.ts';
import { createRelay } from './pipeline/relay.ts';
import { createSqliteQuarantine } from './quarantine/sqlite-quarantine.ts';
import type { DataFolder } from './run/data-folder.ts';
import type { ReceiverClock } from './run/receiver-clock.ts';
import { createRunFacts, type RunFacts } from './run/run-facts.ts';
import { createShadowService, ReportRefused } from './shadow/shadow-service.ts';
import { createSqliteShadowStore } from './shadow/sqlite-shadow-store.ts';
import { openDuckDbTelemetry } from './telemetry/duckdb-telemetry.ts';

export type LocalOptions = Readonly<{
  folder: DataFolder;
  mqttPort: number;
  policies: PolicyBook;
  /** Makes the clock once it is known when the last run saw a sample, ms. */
  clockFrom: (lastSeenMs: number | null) => ReceiverClock;
  /** Gets notices and transitions; what it got before a crash it does not get again. */
  notifier: Notifier;
  /** What a crash left in doubt: it may have been sent, or may not. */
  onDoubtful: (items: readonly NotificationItem[]) => void;
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
  runFacts: RunFacts;
  clock: ReceiverClock;
  sweep(now: number): Promise<void>;
  counts(): Counts;
  cylinders(): Promise<ReadonlyMap<string, CylinderRecord>>;
  /** Takes nothing more in, and resolves when all that was taken is stored, acknowledged and sent out. */
  close(): Promise<void>;
}>;

const TWIN = 'twin';

/** Starts broker, stores, ledger, shadows and the use cases between them. Rejects with one line that says what to do. */
export const startLocal = async (options: LocalOptions): Promise<Local> => {
  const { folder, policies, log } = options;
  const closers: (() => Promise<void> | void)[] = [];
  let isClosing = false;
  /** Closes all that can be closed, whatever of it fails; rejects with what failed first. */
  const close = async (): Promise<void> => {
    isClosing = true;
    const failures: unknown[] = [];
    for (const end of closers.splice(0).reverse()) {
      await Promise.try(end).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return await build();
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }

  async function build(): Promise<Local> {
    const database = openLedgerDatabase({ path: folder.ledger });
    closers.push(() => database.close());
    const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
    closers.push(telemetry.close);
    const ledger = createSqliteLedger({ database });
    const cylinders = async (): Promise<ReadonlyMap<string, CylinderRecord>> => {
      const entries = await ledger.cylinders((await ledger.names()).cylinders);
      return new Map([...entries].map(([name, { record }]) => [name, record]));
    };
    const lastSeenMs = [...(await cylinders()).values()].reduce<number | null>(
      (latest, { statistics }) => Math.max(latest ?? 0, statistics?.last.t ?? 0) || null,
      null,
    );
    const clock = options.clockFrom(lastSeenMs);

    const shadows = createShadowService({
      store: createSqliteShadowStore(database),
      publish: (topic, payload) =>
        broker.publish(topic, payload).catch((error: unknown) => {
          // Nobody listens any more: who asks after the next start gets the state as it is stored now.
          if (!isClosing) throw error;
        }),
      nowMs: clock.now,
      onDesired: async ({ thing, shadowName, desired }) => {
        if (shadowName !== TWIN || desired === null) return;
        await pipeline.applyDesired({ thing, desired, receivedAt: clock.now() });
      },
    });
    const relay = createRelay({
      outbox: ledger,
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
      twins: {
        report: async (cylinder, twin) => {
          await shadows.report(cylinder, TWIN, twin).catch((error: unknown) => {
            if (!(error instanceof ReportRefused)) throw error;
            log(error.message);
          });
        },
      },
    });
    const pipeline = createPipeline({
      telemetry,
      quarantine: createSqliteQuarantine({ database }),
      ledger,
      policies,
      relay,
      fail: options.onFailure,
    });
    closers.push(pipeline.settle);
    const broker = await createBroker({
      host: '127.0.0.1',
      port: options.mqttPort,
      receive: ({ topic, body, clientId }) => {
        const receivedAt = clock.receivedAt(topic, body);
        options.onReceived?.(receivedAt);
        return pipeline.take({ topic, body, receivedAt, client: clientId });
      },
      shadow: shadows,
      log,
    });
    closers.push(broker.close);
    // What a crash left on the outbox goes out before anything new.
    await relay.drain();
    return {
      port: broker.port,
      runFacts: createRunFacts(database),
      clock,
      sweep: pipeline.sweep,
      counts: pipeline.counts,
      cylinders,
      close,
    };
  }
};
