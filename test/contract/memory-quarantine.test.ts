import { memoryQuarantine } from './memory-quarantine.ts';
import { type QuarantineUnderTest, quarantineContract } from './quarantine-contract.ts';

const underTest = (quarantine = memoryQuarantine()): QuarantineUnderTest => ({
  quarantine,
  records: () => Promise.resolve(quarantine.list()),
  restart: () => Promise.resolve(underTest(quarantine)),
  close: () => Promise.resolve(),
});

quarantineContract('the quarantine in memory', () => Promise.resolve(underTest()));
