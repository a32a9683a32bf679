import type { LedgerItem } from '../../usecases/ledger-item.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import type { OutboxEntry } from '../../usecases/ports/outbox.ts';

/** An entry of the outbox as the use cases take it; a transition is known by its place there. */
export const outgoingItem = ({ id, item }: OutboxEntry): LedgerItem => {
  switch (item.kind) {
    case 'notice': {
      const { output } = item.notice;
      const subject: NoticeSubject =
        'cylinder' in output
          ? { kind: 'cylinder', name: output.cylinder }
          : { kind: 'gateway', name: output.gateway };
      return { ...item, subject };
    }
    case 'transition': {
      const name = 'cylinder' in item.transition ? item.transition.cylinder : '';
      return { ...item, subject: { kind: 'cylinder', name }, id: `transition ${id}` };
    }
    case 'incident':
    case 'twin':
      return item;
  }
};

/** What a notification is known by in the ledger's file; null for what is none. */
export const notificationKey = (item: LedgerItem): string | null => {
  if (item.kind === 'notice') return keyText(item.subject, item.notice.output.id);
  return item.kind === 'transition' ? keyText(item.subject, item.id) : null;
};

export const keyText = ({ kind, name }: NoticeSubject, id: string): string =>
  JSON.stringify([kind, name, id]);
