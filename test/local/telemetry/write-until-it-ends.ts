import { writeSync } from 'node:fs';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { sample } from '../../fixture/stored-sample.ts';

// Writes batches of ten samples from seq `first` on, without end; prints the seq after each batch that is stored.
const [path = '', first = '0'] = process.argv.slice(2);
const BATCH = 10;
const telemetry = await openDuckDbTelemetry({ path });

const batchFrom = (seq: number) =>
  Array.from({ length: BATCH }, (_, index) =>
    sample({ seq: seq + index, t: 1_763_800_000_000 + seq + index }),
  );

for (let seq = Number(first); ; seq += BATCH) {
  try {
    await telemetry.write(batchFrom(seq));
  } catch (error) {
    writeSync(1, `${error instanceof Error ? error.message : error}\n`);
    break;
  }
  writeSync(1, `${seq + BATCH}\n`);
}
