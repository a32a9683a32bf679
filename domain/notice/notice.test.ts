import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  noticeOf,
  SILENT_CYLINDER,
  SILENT_GATEWAY,
  SILENT_SINCE,
  unwatchedBy,
} from '../../test/fixture/notice-samples.ts';
import { silentOrUnwatchedSince } from './notice.ts';

test('what is silent or unwatched is so since the time that its notice is named by', () => {
  for (const { output } of [SILENT_GATEWAY, SILENT_CYLINDER, unwatchedBy('late')])
    assert.equal(silentOrUnwatchedSince(output), SILENT_SINCE);
});

test('an incident is neither, and a name without a time before the notice says nothing', () => {
  assert.equal(silentOrUnwatchedSince(noticeOf('RAISED').output), null);
  const { output } = SILENT_GATEWAY;
  for (const id of ['gw', 'gw@x#1', `gw@${output.at + 1}#1`, 'gw@#1'])
    assert.equal(silentOrUnwatchedSince({ ...output, gateway: 'gw', type: 'OFFLINE', id }), null);
});
