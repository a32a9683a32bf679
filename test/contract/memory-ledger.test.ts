import { ledgerContract } from './ledger-contract.ts';
import { memoryLedger } from './memory-ledger.ts';
import { type OutboxUnderTest, outboxContract } from './outbox-contract.ts';

const underTest = (ledger = memoryLedger()): OutboxUnderTest => ({
  ledger,
  outbox: ledger,
  restart: () => Promise.resolve(underTest(ledger)),
  close: () => Promise.resolve(),
});

ledgerContract('the ledger in memory', () => Promise.resolve(underTest()));
outboxContract('the ledger in memory', () => Promise.resolve(underTest()));
