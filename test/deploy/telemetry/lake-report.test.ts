import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { savedQueries } from '../../../analysis/saved-queries.ts';
import { createLakeTelemetry } from '../../../aws/firehose/telemetry.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { knownEvents } from '../../analysis/known-events.ts';
import { inOneForm, knownHour } from '../../analysis/known-hour.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { runSentinel } from '../../cli/run-sentinel.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { type Ministack, startMinistack } from '../emulator/start-ministack.ts';
import { createLake, eventStreamsOf } from './lake-stack.ts';

const HOUR_MS = 3_600_000;
const folder = scratchFolder();
/** The lake lies by the day of arrival, which is today. */
const hour = knownHour(folder, Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS);
const iso = (ms: number): string => new Date(ms).toISOString();

let ministack: Ministack | null = null;
before(async () => {
  await hour.makeLocally();
  const ledger = openLedgerDatabase({ path: join(folder, 'ledger.sqlite') });
  knownEvents(hour.asked.from, hour.records[0]?.id ?? '').fillLedger(ledger);
  ledger.close();
  ministack = await startMinistack();
  const settings = clientSettings(ministack.endpoint, 3);
  await createLake(settings, 'lake');
  const telemetry = createLakeTelemetry({
    client: new FirehoseClient(settings),
    samplesStream: 'lake-samples',
    incidentsStream: 'lake-incidents',
    eventStreams: eventStreamsOf('lake'),
  });
  await telemetry.write(hour.samples);
  for (const record of hour.records) await telemetry.recordIncident(record);
  await telemetry.recordEvents(hour.events);
});
after(() => ministack?.stop());

const onLake = (command: string, ...args: readonly string[]) =>
  runSentinel([
    command,
    ...args,
    '--aws',
    '--stack',
    'lake',
    '--endpoint',
    ministack?.endpoint ?? '',
    '--from',
    iso(hour.asked.from),
    '--to',
    iso(hour.asked.to),
  ]);

/** The figures of a page: what its tiles say, and how its incidents and tables look, without times of making. */
const figuresOf = (page: string): readonly string[] =>
  [...page.matchAll(/<dt>([^<]*)<\/dt><dd>([^<]*)<\/dd>|<polyline[^>]*points="([^"]*)"/g)].map(
    ([, name = '', value = '', points = '']) => `${name} ${value}${points}`,
  );

test('a report of a lake through Athena says what one of a data folder with the same samples says', async () => {
  const [there, here] = [join(folder, 'there.html'), join(folder, 'here.html')];
  const { code, out, errors } = await onLake('report', '--out', there);
  assert.equal(code, 0, errors);
  assert.match(out, /there\.html: .*, 1 incidents, \d+ KB/);
  const page = readFileSync(there, 'utf8');
  const local = await runSentinel([
    'report',
    '--data',
    folder,
    '--out',
    here,
    '--from',
    iso(hour.asked.from),
    '--to',
    iso(hour.asked.to),
  ]);
  assert.equal(local.code, 0, local.errors);
  const figures = figuresOf(page);
  assert.ok(figures.length > 10);
  assert.deepEqual(figures, figuresOf(readFileSync(here, 'utf8')));
  assert.match(page, /npx sentinel query worst-actors --from [^<]* --aws --stack lake</);
});

test('a saved query asked of a lake on the command line answers as one of a data folder', async () => {
  const { code, out, errors } = await onLake('query', 'messages', '--format', 'json');
  assert.equal(code, 0, errors);
  assert.match(errors, /Athena read [\d.]+ MB/);
  const messages = savedQueries().find(({ name }) => name === 'messages');
  assert.ok(messages);
  assert.deepEqual(
    inOneForm(out.split('\n').map((line) => JSON.parse(line))),
    inOneForm(await hour.askLocally(messages)),
  );
});
