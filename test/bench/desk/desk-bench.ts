import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import { DEFAULT_BOOK } from '../../../domain/alarm/policy/policy-book.ts';
import { ROLLUP_MS, rollUp } from '../../../domain/cylinder/rollup.ts';
import { openDeskServer } from '../../../local/desk/desk-server.ts';
import { sqliteRollups } from '../../../local/ledger/sqlite-history.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { openLocalHome } from '../../contract/desk/local-home.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { sampleAt } from '../../fixture/statistics.ts';
import type { Bench, Figure } from '../figure.ts';
import { noticeTimes } from './flooded-notices.ts';

const CYLINDERS = 1000;
const ROLLUPS = (8 * 86_400_000) / ROLLUP_MS;
const REQUESTS = 30;
/** A notice is late when a person could tell. */
const MAX_NOTICE_MS = 1000;

/** The median time from a request to the last byte of its answer, ms. */
const timed = async (url: string): Promise<number> => {
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const startMs = performance.now();
    const answer = await fetch(url);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    times.push(performance.now() - startMs);
  }
  return times.toSorted((a, b) => a - b)[REQUESTS / 2] ?? Number.NaN;
};

async function* run(): AsyncGenerator<Figure | string> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-desk-'));
  const home = await openLocalHome(folder, DEFAULT_BOOK);
  const server = await openDeskServer({ host: '127.0.0.1', port: 0, mayMove: true });
  try {
    const names = Array.from({ length: CYLINDERS }, (_, index) => `cyl-${String(index).padStart(4, '0')}`);
    await evaluateSamples(home.ports)(
      names.map((name, index) => messageOf(name, (index % 10 === 0 ? 'A' : 'n').repeat(90))),
    );
    const rollups = sqliteRollups(home.database);
    for (let index = 0; index < ROLLUPS; index += 1) {
      const t = START_MS - index * ROLLUP_MS;
      rollups.put('cyl-0001', rollUp(null, [{ ...sampleAt(0), t }], 0.5).current ?? '');
    }
    home.at(90);
    server.serve(createDeskApp({ ...home.desk, isKnownHost: server.isKnownHost }).fetch);
    yield {
      what: `a fleet of ${CYLINDERS}`,
      value: await timed(`${server.url}/api/fleet`),
      unit: 'ms',
      atMost: 100,
    };
    const history = `${server.url}/api/cylinders/cyl-0001/history`;
    yield { what: 'eight days of a cylinder', value: await timed(history), unit: 'ms', atMost: 100 };
    yield { what: 'a cylinder', value: await timed(`${server.url}/api/cylinders/cyl-0001`), unit: 'ms' };
    yield { what: '50 incidents', value: await timed(`${server.url}/api/incidents`), unit: 'ms' };
  } finally {
    await server.close();
    await home.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const flooders of [0, 24]) {
    const times = await noticeTimes(flooders);
    const what = flooders === 0 ? 'a notice of a line of 1000' : `the same while ${flooders} flood the desk`;
    yield { what: `${what}, median`, value: times[Math.floor(times.length / 2)] ?? Number.NaN, unit: 'ms' };
    yield { what: `${what}, longest`, value: times.at(-1) ?? Number.NaN, unit: 'ms', atMost: MAX_NOTICE_MS };
  }
}

/** How long the local API takes to answer, over HTTP. */
export const deskBench: Bench = {
  name: 'desk',
  summary:
    'the API of the desk on one machine, the median of 30 requests one after the other, and what a flood of it costs notices',
  run,
};
