import { fileURLToPath } from 'node:url';
import { DEFAULT_CYLINDERS } from '../../../cli/run/run-options.ts';
import { ADVICES, type Advice } from '../../../domain/notice/notice.ts';
import { loadModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import { FAULT_KINDS, type FaultKind } from '../../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../../edge/simulator/line.ts';
import type { Bench, Figure } from '../figure.ts';
import { type AdvisedNotice, watchCylinder } from './watch-cylinder.ts';

const MODEL = fileURLToPath(new URL('../../../edge/model/simulated-line.json', import.meta.url));

/** Neither the tests nor the model's training know these lines. */
const FIRST_SEED = 810_001;
const LINES = 24;
const LINE_SECONDS = 4 * 3600;
const STORIES = 200;
const FIRST_STORY_SEED = 820_001;
const STORY_SECONDS = 1080;
const STORY_START_MS = Date.UTC(2026, 10, 23, 6);

const RIGHT: Readonly<Record<FaultKind, readonly Advice[]>> = {
  // Without heat the advice names the bearing and the rod guide.
  'bearing-wear': ['bearing', 'rod-guide'],
  'seal-leak': ['seals'],
  overload: ['load'],
  'loose-mount': ['mounting'],
  'stuck-encoder': ['encoder'],
};
const OPEN: readonly Advice[] = ['unclear', 'cylinder'];

const isRight = ({ fault, advice }: AdvisedNotice): boolean =>
  fault !== null && RIGHT[fault].includes(advice);
const isOpen = ({ advice }: AdvisedNotice): boolean => OPEN.includes(advice);

const percent = (part: readonly unknown[], all: readonly unknown[]): number =>
  all.length === 0 ? 0 : (100 * part.length) / all.length;

function* figuresOf(type: string, advised: readonly AdvisedNotice[], atLeast: number): Generator<Figure> {
  const all = advised.filter((one) => one.type === type);
  yield { what: `${type}: how many`, value: all.length, unit: 'notices', atLeast: 50 };
  const wrong = all.filter((one) => !isRight(one) && !isOpen(one));
  yield { what: `${type}: right or open`, value: 100 - percent(wrong, all), unit: '%', atLeast };
  yield { what: `${type}: open`, value: percent(all.filter(isOpen), all), unit: '%', atMost: 10 };
}

/** What was the matter, down, and what was advised, across. */
function* confusion(advised: readonly AdvisedNotice[]): Generator<string> {
  yield `${'fault'.padEnd(16)}${ADVICES.map((advice) => advice.padStart(10)).join('')}`;
  for (const fault of [...FAULT_KINDS, null]) {
    const counts = ADVICES.map((advice) =>
      advised.filter((one) => one.fault === fault && one.advice === advice),
    );
    yield `${(fault ?? 'none').padEnd(16)}${counts.map(({ length }) => String(length).padStart(10)).join('')}`;
  }
}

const loaded = async (): Promise<Model> => {
  const result = await loadModel(MODEL);
  if (!result.ok) throw new Error(`the model of the simulated line cannot be read: ${MODEL}`);
  return result.model;
};

/** The cylinder whose bearing wears in the line's first minutes. */
const firstWorn = (seed: number): number => {
  const line = createLine({ cylinders: DEFAULT_CYLINDERS, seed, startMs: STORY_START_MS });
  return line.at(STORY_START_MS + 120_000).findIndex(({ label }) => label.fault !== null);
};

const firstStory = (model: Model, seed: number): AdvisedNotice | undefined =>
  watchCylinder(model, {
    cylinders: DEFAULT_CYLINDERS,
    seed,
    cylinder: firstWorn(seed),
    seconds: STORY_SECONDS,
  }).find(({ type }) => type === 'RAISED');

async function* run(): AsyncGenerator<Figure | string> {
  const startedMs = performance.now();
  const model = await loaded();
  const advised: AdvisedNotice[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + LINES; seed += 1)
    for (let cylinder = 0; cylinder < DEFAULT_CYLINDERS; cylinder += 1)
      advised.push(
        ...watchCylinder(model, { cylinders: DEFAULT_CYLINDERS, seed, cylinder, seconds: LINE_SECONDS }),
      );
  const judged = advised.filter(({ type }) => type === 'RAISED' || type === 'REOPENED');
  yield* confusion(judged);
  yield* figuresOf('RAISED', advised, 98);
  yield* figuresOf('REOPENED', advised, 95);

  const stories = Array.from({ length: STORIES }, (_, index) => firstStory(model, FIRST_STORY_SEED + index));
  const right = stories.filter((story) => story !== undefined && isRight(story));
  yield { what: 'first story: right', value: right.length, unit: `of ${STORIES}`, atLeast: STORIES };
  yield { what: 'it took', value: (performance.now() - startedMs) / 1000, unit: 's' };
}

/** Whether notices name the part that is really failing, on simulated lines, where that is known. */
export const adviceBench: Bench = {
  name: 'advice',
  summary: `what notices advise against the truth, on ${LINES} simulated lines and ${STORIES} first stories`,
  isGate: true,
  run,
};
