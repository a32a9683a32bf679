import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { readMapping } from '../../../domain/mapping/mapping.ts';
import { LIVE_SOURCES, openLive } from '../../../edge/gateway/live-source.ts';
import { answer } from '../processes/answer.ts';
import { usage } from '../processes/usage.ts';

/** A live source by a map, read and mapped into samples, and nothing done with them. */
const [kind, mapFile] = v.parse(v.tuple([v.picklist(LIVE_SOURCES), v.string()]), process.argv.slice(2, 4));
const reading = readMapping(JSON.parse(readFileSync(mapFile, 'utf8')));
if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
const live = await openLive(kind, reading.mapping);
if (!live.ok) throw new Error(live.message);

let samples = 0;
let faults = 0;
const { source } = live.open((event) => {
  if (event.kind !== 'well') {
    faults += 1;
    process.stderr.write(`${event.message}\n`);
  }
});
answer({ counts: () => ({ samples, faults }), usage });
for await (const batch of source) samples += batch.length;
