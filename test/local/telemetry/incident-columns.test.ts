import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { scratchFolder } from '../../contract/scratch-folder.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';

const folder = scratchFolder();

test('an incident is kept whose first sensor contributed nothing, as where the model was trained without it', async () => {
  const telemetry = await openDuckDbTelemetry({ path: join(folder, 'telemetry.duckdb') });
  const why = [0, 4.25, -0.5, 0, 1e-3, 2];
  const record = incidentRecord({ id: 'cyl-07-1', why });
  await telemetry.recordIncident(record);
  await telemetry.recordIncident({ ...record, severity: 'alarm', why: null });
  const rows = await telemetry.query('SELECT severity, why FROM incidents');
  assert.deepEqual(rows, [{ severity: 'alarm', why }]);
  await telemetry.close();
});
