import { test } from 'node:test';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import type { EndState } from './end-state.ts';
import { endsAlike } from './ends-alike.ts';
import { deployLine } from './happen.ts';

/** Nothing is late before all of a stretch has come, in whatever order the calls were made. */
const happen = await deployLine({
  ...SHORT_POLICY,
  latenessMs: 60_000,
  staleAfterMs: 100_000,
  offlineAfterMs: 200_000,
});

/** What is the same in whatever order messages came: all but the times at which the receiver came to know of it. */
const timeless = ({
  toldTwice,
  published,
  records,
  incidents,
  samples,
  quarantine,
  untold,
  twins,
}: EndState) => ({
  published: published.map(({ id }) => id).toSorted(),
  conditions: records.map(({ id, record }) => [id, Object(Object(record).alarm).condition]),
  incidents: incidents.map(({ id, incident }) => [id, Object(incident).severity, Object(incident).clearedAt]),
  twins: twins.map(({ id, twin }) => [id, Object(twin).condition, Object(twin).severity]),
  samples,
  quarantine,
  untold,
  toldTwice,
});

test('called directly, in whatever order the calls come, all ends as if nothing had failed', () =>
  endsAlike(happen, { settings: { ingest: 'direct' }, oneIn: 400, compared: timeless }));
