import { join } from 'node:path';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';

/** The numbers of the samples that a data folder holds of a cylinder, in order, as often as they are there. */
export const storedNumbers = async (folder: string, cylinder: string): Promise<readonly number[]> => {
  const store = await openDuckDbTelemetry({ path: join(folder, 'telemetry.duckdb') });
  const rows = await store.query('SELECT seq FROM samples WHERE cylinder = $1 ORDER BY seq', [cylinder]);
  await store.close();
  return rows.map(({ seq }) => Number(seq));
};
