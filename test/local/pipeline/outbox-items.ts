import type { OutboxItem } from '../../../usecases/ports/outbox.ts';

/** A notice of a gateway, which needs no facts. */
export const noticeItem = (id: string): Extract<OutboxItem, { kind: 'notice' }> => ({
  kind: 'notice',
  notice: { output: { kind: 'notice', gateway: 'gw', id, type: 'OFFLINE', at: 1 }, facts: null },
});

export const transitionItem = (t: number): Extract<OutboxItem, { kind: 'transition' }> => ({
  kind: 'transition',
  transition: { kind: 'condition', cylinder: 'c', t, from: 'NORMAL', to: 'SUSPECT', incident: null },
});

export const incidentItem = (id: string): OutboxItem => ({
  kind: 'incident',
  incident: {
    id,
    cylinder: 'c',
    gateway: 'gw',
    beganAt: 1,
    raisedAt: 2,
    clearedAt: null,
    endedBy: null,
    severity: 'warning',
    reopenings: 0,
    acknowledgedBy: null,
    closedBy: null,
    outcome: null,
    mode: null,
    comment: null,
  },
});
