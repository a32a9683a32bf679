import { openLedgerForReading } from '../../local/ledger/open-ledger-for-reading.ts';
import { createSqliteLedger } from '../../local/ledger/sqlite-ledger.ts';
import { filesIn } from '../../local/run/data-folder.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';
import { entryOf, type LedgerEntry, type OutgoingItem } from './entry-lines.ts';

/** More than an outbox ever holds of a plant. */
const ALL = 1_000_000;

const subjectFields = (item: OutboxItem): Readonly<{ cylinder?: string; gateway?: string | null }> => {
  switch (item.kind) {
    case 'notice':
      return item.notice.output;
    case 'transition':
      return item.transition;
    case 'incident':
      return item.incident;
    case 'twin':
      return item;
  }
};

const concerns = (item: OutboxItem, { kind, name }: NoticeSubject): boolean => {
  const subject = { cylinder: null, gateway: null, ...subjectFields(item) };
  return kind === 'cylinder'
    ? subject.cylinder === name
    : subject.cylinder === null && subject.gateway === name;
};

const outgoing = (item: OutboxItem): OutgoingItem => {
  const state = 'waits for the relay';
  switch (item.kind) {
    case 'notice':
      return { what: `notice ${item.notice.output.id} ${item.notice.output.type}`, state };
    case 'transition':
      return { what: `transition ${item.transition.kind}`, state };
    case 'incident':
      return { what: `incident ${item.incident.id}`, state };
    case 'twin':
      return { what: `twin of version ${item.version}`, state };
  }
};

/** What the ledger of a data folder holds of a cylinder or gateway; null where it knows none of that name. */
export const localEntry = async (folder: string, subject: NoticeSubject): Promise<LedgerEntry | null> => {
  const path = filesIn(folder).ledger;
  const { database, close } = openLedgerForReading({ path });
  try {
    const ledger = createSqliteLedger({ database });
    const pending = await ledger.pending(ALL);
    const waiting = pending.filter(({ item }) => concerns(item, subject)).map(({ item }) => outgoing(item));
    return await entryOf(ledger, subject, { ledger: path, outgoing: waiting });
  } finally {
    close();
  }
};
