import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../../../domain/notice/notice.ts';
import { noticeText } from '../../../local/console/console-notifier.ts';
import { marked, plain } from './paints.ts';

const UTC = { timeZone: 'UTC' };
const silent = (type: 'OFFLINE' | 'ONLINE'): Notice => ({
  output: { kind: 'notice', gateway: 'gw', id: 'gw@1#1', type, at: 0 },
  facts: null,
});

test('a notice is a line that says it all, with its details set in below', () => {
  assert.deepEqual(noticeText(plain, silent('OFFLINE'), UTC), [
    'OFFLINE: gateway gw has gone silent, 1970-01-01 00:00:00 (UTC)',
    '    look at the gateway: its power, its network, and whether its component runs; until then its line is unwatched',
    '    notice gw@1#1',
  ]);
});

test('its type is red where something is wrong and green where it is over', () => {
  assert.match(noticeText(marked, silent('OFFLINE'), UTC)[0] ?? '', /^<red:OFFLINE>: gateway gw /);
  assert.match(noticeText(marked, silent('ONLINE'), UTC)[0] ?? '', /^<green:ONLINE>: gateway gw /);
});
