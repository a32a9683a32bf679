import type { OutboxItem } from '../../../usecases/ports/outbox.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';

/** A notice of a gateway, which needs no facts. */
export const noticeItem = (id: string, gateway = 'gw'): Extract<OutboxItem, { kind: 'notice' }> => ({
  kind: 'notice',
  notice: { output: { kind: 'notice', gateway, id, type: 'OFFLINE', at: 1 }, facts: null },
});

export const transitionItem = (t: number): Extract<OutboxItem, { kind: 'transition' }> => ({
  kind: 'transition',
  transition: { kind: 'condition', cylinder: 'c', t, from: 'NORMAL', to: 'SUSPECT', incident: null },
});

export const incidentItem = (id: string): OutboxItem => ({
  kind: 'incident',
  incident: incidentRecord({
    id,
    cylinder: 'c',
    gateway: 'gw',
    beganAt: 1,
    raisedAt: 2,
  }),
});
