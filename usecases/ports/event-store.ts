import type { CourseEntry } from '../../domain/incident/incident-record.ts';
import type { SentNotice } from './notification-log.ts';
import type { QuarantineRecord } from './quarantine.ts';

/**
 * What happened, as analysts ask for it beside samples and incidents: a notice that was sent; a step of an incident, by the
 * alarm or by a person, whose `place` tells it from every other one of its cylinder; what went into the quarantine.
 */
export type StoredEvent =
  | Readonly<{ kind: 'notice'; notice: SentNotice }>
  | Readonly<{ kind: 'step'; cylinder: string; place: string } & CourseEntry>
  | Readonly<{ kind: 'quarantined'; record: QuarantineRecord }>;

/** Where what happened can be asked for months later, if the ledger and the quarantine cannot be asked themselves. */
export type EventStore = Readonly<{
  /** Stores what happened, each event once where it is read. Rejects when the service fails. */
  recordEvents(events: readonly StoredEvent[]): Promise<void>;
}>;
