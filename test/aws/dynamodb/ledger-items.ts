import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import type { LedgerItem } from '../../../usecases/ledger-item.ts';
import type { NoticeSubject } from '../../../usecases/ports/notification-log.ts';
import { AT } from '../../fixture/notice-samples.ts';

export const cylinder = (name: string): NoticeSubject => ({ kind: 'cylinder', name });

/** The nth notice of a cylinder. */
export const noticeItem = (name: string, n: number): LedgerItem & { kind: 'notice' } => ({
  kind: 'notice',
  subject: cylinder(name),
  notice: {
    output: {
      kind: 'notice',
      type: 'RAISED',
      cylinder: name,
      id: `${name}@1#${n}`,
      incident: `${name}@1`,
      severity: 'warning',
      at: AT,
    },
    facts: null,
  },
});

/** The incident of a cylinder as it stands after so many reopenings. */
export const incidentItem = (name: string, reopenings: number): LedgerItem & { kind: 'incident' } => {
  const incident: IncidentRecord = {
    id: `${name}@1`,
    cylinder: name,
    gateway: 'line-3',
    beganAt: 0,
    raisedAt: 1,
    clearedAt: null,
    endedBy: null,
    severity: 'warning',
    reopenings,
    acknowledgedBy: null,
    closedBy: null,
    outcome: null,
    mode: null,
    comment: null,
  };
  return { kind: 'incident', incident };
};
