import { writeSync } from 'node:fs';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';

// Opens a ledger and says so; lets go of it when its input ends.
const database = openLedgerDatabase({ path: process.argv[2] ?? '' });
writeSync(1, 'open\n');
process.stdin.resume().once('end', () => database.close());
