import type { IncidentRecord } from '../domain/incident/incident-record.ts';
import type { Notice } from '../domain/notice/notice.ts';
import type { TwinReport } from '../domain/twin/twin-report.ts';
import type { NoticeSubject } from './ports/notification-log.ts';

/**
 * What the ledger's stream says that people, analysts or twins should know; `nothing` is an item that went or is for
 * none of them. `version` is that of the record that the twin was made of.
 */
export type LedgerItem =
  | Readonly<{ kind: 'notice'; subject: NoticeSubject; notice: Notice }>
  | Readonly<{ kind: 'incident'; incident: IncidentRecord }>
  | Readonly<{ kind: 'twin'; cylinder: string; twin: TwinReport; version: number }>
  | Readonly<{ kind: 'malformed'; name: string; fault: string }>
  | Readonly<{ kind: 'nothing' }>;
