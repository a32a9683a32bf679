import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';

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
