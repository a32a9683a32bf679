import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import type { Notice } from '../domain/notice/notice.ts';
import type { NoticeSubject } from './ports/notification-log.ts';

/** What the ledger's stream says that people or analysts should know; `nothing` is an item that went or is not for them. */
export type LedgerItem =
  | Readonly<{ kind: 'notice'; subject: NoticeSubject; notice: Notice }>
  | Readonly<{ kind: 'incident'; incident: IncidentRecord }>
  | Readonly<{ kind: 'malformed'; name: string; fault: string }>
  | Readonly<{ kind: 'nothing' }>;
