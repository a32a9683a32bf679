import { writeSync } from 'node:fs';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import { createSqliteQuarantine } from '../../../local/quarantine/sqlite-quarantine.ts';
import { cylinderChange, notice, twin } from '../../contract/opaque-records.ts';
import { raw } from '../../contract/quarantine-contract.ts';

// Saves `cyl-07` with a notice, and puts a message into quarantine, without end; prints each version that is saved.
const database = openLedgerDatabase({ path: process.argv[2] ?? '' });
const ledger = createSqliteLedger({ database });
const quarantine = createSqliteQuarantine({ database });
let expected = (await ledger.cylinders(['cyl-07'])).get('cyl-07')?.version ?? 0;

for (;;) {
  const version = expected + 1;
  try {
    await quarantine.put([{ raw: raw({ receivedAt: version }), rejections: [] }]);
    await ledger.save([
      cylinderChange({ expected, notices: [notice(`${version}`)], twin: twin(`${version}`) }),
    ]);
  } catch (error) {
    const kept = (await ledger.cylinders(['cyl-07'])).get('cyl-07')?.version;
    writeSync(1, `${kept}\n${error instanceof Error ? error.message : error}\n`);
    break;
  }
  writeSync(1, `${version}\n`);
  expected = version;
}
