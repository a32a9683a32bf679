import { test } from 'node:test';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { endsAlike, unordered } from './ends-alike.ts';
import { deployLine } from './happen.ts';

const happen = await deployLine({ ...SHORT_POLICY, remind: { advisory: 2000, warning: 4000 } });

test('from the stream, whatever fails and wherever it is killed, all ends as if nothing had failed', () =>
  endsAlike(happen, { settings: { ingest: 'stream' }, oneIn: 250, compared: unordered }));
