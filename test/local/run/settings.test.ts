import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createSettings } from '../../../local/run/settings.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';

test('what is asked for first is kept for good, each name by itself', () => {
  const file = join(scratchFolder(), 'settings.sqlite');
  const first = new DatabaseSync(file);
  const settings = createSettings(first);
  assert.equal(settings.number('line-start', 1_763_800_000_123), 1_763_800_000_123);
  assert.equal(settings.number('line-start', 2), 1_763_800_000_123);
  assert.equal(settings.number('other', 2), 2);
  first.close();
  const second = new DatabaseSync(file);
  assert.equal(createSettings(second).number('line-start', 3), 1_763_800_000_123);
  second.close();
});
