import { writeSync } from 'node:fs';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { createRetention } from '../../../local/telemetry/retention.ts';

// Opens the store and drops what is older than two days, exported to a folder; prints a line when it begins, and at its end.
const [path = '', exportTo = '', newest = '0'] = process.argv.slice(2);
const telemetry = await openDuckDbTelemetry({ path });
const retention = createRetention(
  {
    telemetry,
    newestMs: () => Promise.resolve(Number(newest)),
    neededSince: () => Promise.resolve(new Map()),
    room: () => ({ freeBytes: 1e12, diskBytes: 1e13 }),
    log: () => undefined,
  },
  { keepDays: 2, keepBytes: null, exportTo },
);
writeSync(1, 'begun\n');
await retention.round();
await telemetry.close();
writeSync(1, 'done\n');
setInterval(() => undefined, 1000);
