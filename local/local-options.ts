import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import type { ReadingOptions } from '../domain/message/read-message.ts';
import type { QuarantineSummary } from '../usecases/ports/line-view.ts';
import type { Notifier } from '../usecases/ports/notification-log.ts';
import type { NotificationItem } from '../usecases/ports/outbox.ts';
import type { BrokerOptions } from './broker/create-broker.ts';
import type { LocalDesk } from './desk/local-desk.ts';
import type { Store } from './keep/check-stores.ts';
import type { NoticeChannels } from './notices/create-notices.ts';
import type { Counts } from './pipeline/pipeline.ts';
import type { DataFolder, RunFacts } from './run/data-folder.ts';
import type { ReceiverClock } from './run/run-time.ts';
import type { Answered } from './shadow/shadow-service.ts';
import type { RetentionLimits } from './telemetry/retention.ts';

/** What the pipeline on this machine is started with. */
export type LocalOptions = Readonly<{
  folder: DataFolder;
  mqttPort: number;
  /** Who else may connect, and how. */
  clients?: Pick<BrokerOptions, 'outside' | 'webSocketPort'>;
  /** Cylinders, and gateways, that may speak. */
  maxCylinders?: number;
  policies: PolicyBook;
  /** How messages of devices are read, and which other topics they come on. */
  reading?: ReadingOptions & Readonly<{ topics?: readonly string[] | undefined }>;
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
  /** What the desk shows and does. */
  desk: LocalDesk;
  /** Resolves when all that was taken in is stored, and each channel has told all that came of it, or fails. */
  settled(): Promise<void>;
  /** When all is closed: what waits for the next start, and what was refused, a line for each channel. */
  untold(): readonly string[];
  /** Takes nothing more in, and resolves when all that was taken is stored, acknowledged and sent out. */
  close(): Promise<void>;
}>;
