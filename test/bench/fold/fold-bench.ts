import * as v from 'valibot';
import type { Bench, Figure } from '../figure.ts';
import { type BenchProcess, startProcess } from '../processes/start-process.ts';

const SAMPLES = 50_000;
const SQL_SAMPLES = 5_000;
const ROUNDS = 30;
const NARROW = 60;
const WIDE = 600;

const least = (values: readonly number[]): number => Math.min(...values);

/** The quickest of some rounds of each width, ns, in turns: what else the machine does meets both, and only ever adds. */
const bothWidths = async (measure: (windowSlots: number) => Promise<number>) => {
  const narrow: number[] = [];
  const wide: number[] = [];
  await measure(NARROW);
  await measure(WIDE);
  for (let round = 0; round < ROUNDS; round += 1) {
    narrow.push(await measure(NARROW));
    wide.push(await measure(WIDE));
  }
  return { narrow: least(narrow), wide: least(wide) };
};

const foldOf = (process: BenchProcess, samplesPerMessage: number) => (windowSlots: number) =>
  process.ask(v.number(), 'fold', { windowSlots, samplesPerMessage, samples: SAMPLES });

async function* run(): AsyncGenerator<Figure | string> {
  const alone = startProcess({ script: './fold.ts' });
  const one = await bothWidths(foldOf(alone, 1));
  yield { what: `one sample a message, W = ${NARROW}`, value: one.narrow, unit: 'ns/sample', atMost: 1000 };
  yield { what: `one sample a message, W = ${WIDE}`, value: one.wide, unit: 'ns/sample', atMost: 1000 };
  yield { what: `W = ${WIDE} / W = ${NARROW}`, value: one.wide / one.narrow, unit: 'times', atMost: 1.2 };
  const ten = await bothWidths(foldOf(alone, 10));
  yield { what: `ten samples a message, W = ${NARROW}`, value: ten.narrow, unit: 'ns/sample', atMost: 1000 };
  yield { what: `ten samples a message, W = ${WIDE}`, value: ten.wide, unit: 'ns/sample', atMost: 1000 };
  yield { what: `W = ${WIDE} / W = ${NARROW}`, value: ten.wide / ten.narrow, unit: 'times', atMost: 1.2 };
  await alone.end();

  const sql = startProcess({ script: './sql-window.ts' });
  const rows = await bothWidths((windowSlots) =>
    sql.ask(v.number(), 'share', { windowSlots, samples: SQL_SAMPLES }),
  );
  await sql.end();
  yield {
    what: `peer: the share in SQL (SQLite in memory), W = ${NARROW}`,
    value: rows.narrow,
    unit: 'ns/sample',
  };
  yield {
    what: `peer: the share in SQL (SQLite in memory), W = ${WIDE}`,
    value: rows.wide,
    unit: 'ns/sample',
  };
  yield { what: `ours / SQL, W = ${NARROW}`, value: one.narrow / rows.narrow, unit: 'times' };
  yield { what: `ours / SQL, W = ${WIDE}`, value: one.wide / rows.wide, unit: 'times' };
}

/** The alarm's fold alone, for windows of a minute and of ten, beside the window alone in SQL. */
export const foldBench: Bench = {
  name: 'fold',
  summary: 'the alarm of one cylinder in steady state, by the width of its window',
  run,
};
