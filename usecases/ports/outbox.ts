import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';
import type { StoredEvent } from './event-store.ts';
import type { NoticeSubject } from './notification-log.ts';

/** Something that was saved with a change of the ledger and has yet to go out. */
export type OutboxItem =
  | Readonly<{ kind: 'notice'; notice: Notice }>
  | Readonly<{ kind: 'transition'; transition: AlarmOutput }>
  | Readonly<{ kind: 'incident'; incident: IncidentRecord }>
  | Readonly<{ kind: 'twin'; cylinder: string; twin: TwinReport; version: number }>;

export type OutboxEntry = Readonly<{ id: number; item: OutboxItem }>;

/** What has yet to go out, in the order in which it was saved: for one change its transitions, incidents, notices, twin. */
export type Outbox = Readonly<{
  pending(limit: number): Promise<readonly OutboxEntry[]>;
  /** Takes what has gone out off the outbox, durably. */
  done(ids: readonly number[]): Promise<void>;
}>;

/**
 * What goes out of the ledger to people, analysts or twins, by its stream or its outbox; `nothing` is an item that went or is for
 * none of them. A transition of the alarm is known by an `id` of the outbox; `version` is that of the record that the twin was made of, `savedAt` when it was saved, ms.
 */
export type LedgerItem =
  | Readonly<{ kind: 'notice'; subject: NoticeSubject; notice: Notice }>
  | Readonly<{ kind: 'transition'; subject: NoticeSubject; id: string; transition: AlarmOutput }>
  | Readonly<{ kind: 'incident'; incident: IncidentRecord }>
  | Readonly<{ kind: 'event'; event: StoredEvent }>
  | Readonly<{ kind: 'twin'; cylinder: string; twin: TwinReport; version: number; savedAt?: number }>
  | Readonly<{ kind: 'malformed'; name: string; fault: string }>
  | Readonly<{ kind: 'nothing' }>;

/** What people, or whoever follows the alarm line by line, would get twice if it were repeated. */
export type NotificationItem = Extract<LedgerItem, Readonly<{ kind: 'notice' | 'transition' }>>;
