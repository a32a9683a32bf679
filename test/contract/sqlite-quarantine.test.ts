import { join } from 'node:path';
import { openLedgerDatabase } from '../../local/ledger/open-ledger-database.ts';
import { createSqliteQuarantine } from '../../local/quarantine/sqlite-quarantine.ts';
import { type QuarantineUnderTest, quarantineContract } from './quarantine-contract.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder();
let opened = 0;

const underTest = (path: string): QuarantineUnderTest => {
  const database = openLedgerDatabase({ path });
  const quarantine = createSqliteQuarantine({ database });
  return {
    quarantine,
    records: () => Promise.resolve(quarantine.list(1000)),
    restart: () => {
      database.close();
      return Promise.resolve(underTest(path));
    },
    close: () => Promise.resolve(database.close()),
  };
};

quarantineContract('SQLite', () => {
  opened += 1;
  return Promise.resolve(underTest(join(folder, `${opened}.sqlite`)));
});
