import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INFERENCE_TOPIC } from '../../../domain/message/topic.ts';
import { briefName, quarantineLine } from '../../../local/quarantine/quarantine-words.ts';

test('a name has its beginning on a line, however long a client made it', () => {
  const name = 'g'.repeat(60_000);
  const kind = {
    topic: `${INFERENCE_TOPIC}/${name}/${name}`,
    cylinder: null,
    reason: 'topic',
    detail: 'no name',
  };
  const line = quarantineLine({ ...kind, client: name });
  assert.ok(line.length < 300, line);
  assert.match(line, /^g{47}…, gateway g{47}…, client g{47}…: topic, no name: have it publish to /);
  assert.equal(briefName('line-1'), 'line-1');
});
