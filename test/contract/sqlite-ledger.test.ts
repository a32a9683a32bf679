import { join } from 'node:path';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../local/ledger/sqlite-ledger.ts';
import { ledgerContract } from './ledger-contract.ts';
import { type OutboxUnderTest, outboxContract } from './outbox-contract.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();
let opened = 0;

const underTest = (path: string): OutboxUnderTest => {
  const database = openLedgerDatabase({ path });
  const ledger = createSqliteLedger({ database });
  return {
    ledger,
    outbox: ledger,
    restart: () => {
      database.close();
      return Promise.resolve(underTest(path));
    },
    close: () => Promise.resolve(database.close()),
  };
};

const open = (): Promise<OutboxUnderTest> => {
  opened += 1;
  return Promise.resolve(underTest(join(folder, `${opened}.sqlite`)));
};

ledgerContract('SQLite', open, { runs: 40 });
outboxContract('SQLite', open, { runs: 40 });
