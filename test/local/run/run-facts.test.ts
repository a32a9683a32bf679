import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createRunFacts } from '../../../local/run/run-facts.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

test('what is asked for first is kept for good, each name by itself', () => {
  const file = join(scratchFolder(), 'ledger.sqlite');
  const first = openLedgerDatabase({ path: file });
  const runFacts = createRunFacts(first);
  assert.equal(runFacts.number('line-start', 1_763_800_000_123), 1_763_800_000_123);
  assert.equal(runFacts.number('line-start', 2), 1_763_800_000_123);
  assert.equal(runFacts.number('other', 2), 2);
  first.close();
  const second = openLedgerDatabase({ path: file });
  assert.equal(createRunFacts(second).number('line-start', 3), 1_763_800_000_123);
  second.close();
});
