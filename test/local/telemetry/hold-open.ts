import { writeSync } from 'node:fs';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';

// Opens a store and says so; lets go of it when its input ends.
const telemetry = await openDuckDbTelemetry({ path: process.argv[2] ?? '' });
writeSync(1, 'open\n');
process.stdin.resume().once('end', () => telemetry.close());
