import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { createSqliteNotificationLog } from '../../local/ledger/sqlite-notification-log.ts';
import { sqliteOutbox } from '../../local/ledger/sqlite-outbox.ts';
import { notificationLogContract } from './notification-log-contract.ts';
import { raised, silence } from './notifier-contract.ts';

notificationLogContract('the notification log in SQLite', () => {
  const database = openLedgerDatabase({ path: ':memory:' });
  const outbox = sqliteOutbox(database);
  return Promise.resolve({
    log: createSqliteNotificationLog({ database, leaseMs: 60_000 }),
    leaseMs: 60_000,
    put: ({ kind, name }, noticeId) => {
      const { output, facts } = kind === 'cylinder' ? raised(noticeId) : silence(noticeId);
      outbox.put({ kind: 'notice', notice: { output: { ...output, [kind]: name }, facts } });
      return Promise.resolve();
    },
    close: () => Promise.resolve(database.close()),
  });
});
