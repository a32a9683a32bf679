import { join } from 'node:path';
import { openDuckDbTelemetry } from '../../local/telemetry/duckdb-telemetry.ts';
import { readIncidents, readSamples } from '../local/telemetry/read-telemetry.ts';
import { scratchFolder } from './scratch-folder.ts';
import { type TelemetryUnderTest, telemetryContract } from './telemetry-contract.ts';

const folder = scratchFolder();
let opened = 0;

const underTest = async (path: string): Promise<TelemetryUnderTest> => {
  const telemetry = await openDuckDbTelemetry({ path });
  return {
    telemetry,
    samples: () => readSamples(telemetry),
    incidents: () => readIncidents(telemetry),
    restart: async () => {
      await telemetry.close();
      return await underTest(path);
    },
    close: telemetry.close,
  };
};

const open = (): Promise<TelemetryUnderTest> => {
  opened += 1;
  return underTest(join(folder, `${opened}.duckdb`));
};

telemetryContract('DuckDB', open, { exactCounts: true, runs: 25 });
