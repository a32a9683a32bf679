import type { NoticeSubject } from '../../../usecases/ports/notification-log.ts';
import type { LedgerItem } from '../../../usecases/ports/outbox.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
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
export const incidentItem = (name: string, reopenings: number): LedgerItem & { kind: 'incident' } => ({
  kind: 'incident',
  incident: incidentRecord({ id: `${name}@1`, cylinder: name, beganAt: 0, raisedAt: 1, reopenings }),
});
