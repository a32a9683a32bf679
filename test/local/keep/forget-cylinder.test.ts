import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { forgetCylinder } from '../../../local/keep/forget-cylinder.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import { openDataFolder } from '../../../local/run/data-folder.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { sample } from '../../fixture/stored-sample.ts';
import { cylinderAfter } from '../console/cylinders.ts';

test('a cylinder is gone from every table of both stores once that is meant, and nothing else is', async () => {
  const folder = openDataFolder(join(scratchFolder(), 'data'));
  const telemetry = await openDuckDbTelemetry({ path: folder.telemetry });
  const database = openLedgerDatabase({ path: folder.ledger });
  const ledger = createSqliteLedger({ database });
  const shadows = createSqliteShadowStore(database);
  for (const name of ['gone', 'kept']) {
    await telemetry.write([sample({ cylinder: name, seq: 1 }), sample({ cylinder: name, seq: 2 })]);
    const incident = incidentRecord({ id: `${name}@1`, cylinder: name });
    await telemetry.recordIncident(incident);
    const record = cylinderAfter(name, 'nnnAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    await ledger.save([
      {
        kind: 'cylinder',
        name,
        expected: 0,
        record,
        transitions: [],
        incidents: [incident],
        notices: [],
        twin: null,
      },
    ]);
    shadows.write({ thing: name, shadowName: 'twin' }, { kind: 'deleted', version: 1 });
  }
  await telemetry.close();
  database.close();

  const what = [
    'samples (2)',
    'incidents (1)',
    'items that wait to go out (1)',
    'twin and other shadows (1)',
    'incidents of the ledger (1)',
    'state (1)',
  ];
  const said = await forgetCylinder(folder, 'gone', false);
  assert.deepEqual(said?.slice(0, what.length), what);
  assert.match(said?.at(-1) ?? '', /^its open incident gone@\d+$/);
  assert.deepEqual(await forgetCylinder(folder, 'gone', true), said);
  assert.equal(await forgetCylinder(folder, 'gone', true), null);
  assert.deepEqual((await forgetCylinder(folder, 'kept', false))?.slice(0, what.length), what);
});
