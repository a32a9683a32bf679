import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Notice } from '../../../domain/notice/notice.ts';
import { neededSince, startUpkeep } from '../../../local/keep/upkeep.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteDeliveries } from '../../../local/ledger/sqlite-deliveries.ts';
import { sqliteOutbox } from '../../../local/ledger/sqlite-outbox.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { cylinderAfter } from '../console/cylinders.ts';
import { incidentItem } from '../pipeline/outbox-items.ts';

const HOUR_MS = 3_600_000;

test('samples are needed from an hour before an open incident, and before what waits in the outbox or for a channel', async () => {
  const database = openLedgerDatabase({ path: join(scratchFolder(), 'ledger.sqlite') });
  const outbox = sqliteOutbox(database);
  const open = cylinderAfter('open', `nnnnnnnnnn${'A'.repeat(30)}`);
  const cylinders = new Map([
    ['open', open],
    ['sound', cylinderAfter('sound', 'nnnnnnnnnnnnnnn')],
    ['over', cylinderAfter('over', `${'A'.repeat(30)}${'n'.repeat(300)}`)],
  ]);
  const incident = open.alarm.incident;
  assert.ok(incident !== null);
  assert.deepEqual([...neededSince(cylinders, database)], [['open', incident.beganAt - HOUR_MS]]);

  outbox.put(incidentItem('i'));
  assert.equal(neededSince(cylinders, database).get('c'), 1 - HOUR_MS);
  const notice: Notice = {
    output: { kind: 'notice', cylinder: 'told', gateway: 'gw', id: 'told@7!', type: 'OFFLINE', at: 7 },
    facts: null,
  };
  outbox.put({ kind: 'notice', notice });
  const ids = (await outbox.pending(10)).map(({ id }) => id);
  await createSqliteDeliveries(database).handOver(ids, ['command'], 8);
  assert.deepEqual([...neededSince(new Map(), database)], [['told', 7 - HOUR_MS]]);
  database.close();
});

test('the folder of an export belongs to one data folder, which may find it again', async () => {
  const folder = scratchFolder();
  const exportTo = join(folder, 'exported', 'samples');
  const begin = async (name: string): Promise<void> => {
    const database = openLedgerDatabase({ path: join(folder, `${name}.sqlite`) });
    const telemetry = await openDuckDbTelemetry({ path: join(folder, `${name}.duckdb`) });
    const cylinders = () => Promise.resolve(new Map());
    const ports = { database, telemetry, path: folder, cylinders, now: () => 0, log: assert.fail };
    try {
      await startUpkeep(ports, { keepDays: 1, keepBytes: null, exportTo }).stop();
    } finally {
      await telemetry.close();
      database.close();
    }
  };
  await begin('one');
  await begin('one');
  await assert.rejects(
    begin('two'),
    /has what another data folder exported: choose another with --export-to$/,
  );
});
