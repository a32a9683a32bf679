import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { ScoredValues } from '../../domain/message/read-sample.ts';
import type { SensorValues } from '../../domain/message/sample.ts';
import type { Origin } from '../message/encode-message.ts';
import { probabilityOf } from '../model/calibration/calibrated-model.ts';
import {
  type BaselineSettings,
  baselineText,
  createDeviations,
  type Deviations,
  NOTHING_KNOWN,
} from '../model/deviation.ts';
import { contributions } from '../model/explain/contributions.ts';
import { hasSameInputs, type Model, modelLabel } from '../model/model.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Source, SourceSample } from '../sources/source.ts';
import { type Clock, untilAborted } from '../timing/timing.ts';
import { type BaselineStore, createBaselines } from './baseline-store.ts';

/** Scores with one model until it is given another, between two samples, and beside it with one on trial, if any. */
export type Scorer = Readonly<{
  /** `cylinder` is whose values they are: a model with baselines holds each against its own. */
  score(values: SensorValues, cylinder?: string): ScoredValues;
  model(): Model;
  swap(model: Model): void;
  challenger(): Model | null;
  swapChallenger(model: Model): void;
}>;

/** What models with these or no baselines are given for a sample, each cylinder's in their order. */
const createInputs = (baselines: BaselineStore) => {
  const known = new Map<string, Deviations>();
  const deviationsBy = (settings: BaselineSettings): Deviations => {
    const key = baselineText(settings);
    const { samples } = settings;
    const deviations =
      known.get(key) ??
      createDeviations(settings, {
        baselines: baselines.of(samples),
        onLearned: (cylinder, baseline) => baselines.keep(samples, cylinder, baseline),
      });
    known.set(key, deviations);
    return deviations;
  };
  return (values: SensorValues, cylinder: string, settings: BaselineSettings | undefined): SensorValues =>
    settings === undefined ? values : (deviationsBy(settings)(values, cylinder) ?? NOTHING_KNOWN);
};

const isProbability = (value: number): boolean => value >= 0 && value <= 1;

type ScorerParts = Readonly<{
  baselines?: BaselineStore;
  /** Given what the model that decides was given for a sample. */
  onInputs?: (inputs: SensorValues) => void;
}>;

export const createScorer = (
  first: Model,
  onTrial: Model | null = null,
  { baselines = createBaselines(), onInputs }: ScorerParts = {},
): Scorer => {
  const inputsOf = createInputs(baselines);
  let model = first;
  let label = modelLabel(first);
  let challenger = onTrial;
  let challengerLabel = onTrial === null ? '' : modelLabel(onTrial);
  /** Nobody asks why of a model on trial: its contributions would cost as much as the champion's. */
  const challenge = (inputs: SensorValues): Pick<ScoredValues, 'challenger'> => {
    if (challenger === null) return {};
    const probability = probabilityOf(challenger, inputs);
    return isProbability(probability) ? { challenger: { model: challengerLabel, probability } } : {};
  };
  return {
    score(values, cylinder = '') {
      const inputs = inputsOf(values, cylinder, model.baseline);
      onInputs?.(inputs);
      // Two walks: contributions know the leaves too, but to note them costs as much as the kernel takes for all of them.
      const { sensors } = contributions(model, inputs);
      // A contribution is worth less than the sample, which could not be read with one that is no number.
      const why = sensors.every(Number.isFinite) ? sensors : null;
      // What both are given is made once: it counts the sample.
      const isAlike = challenger === null || hasSameInputs(model, challenger);
      const tried = isAlike ? inputs : inputsOf(values, cylinder, challenger?.baseline);
      return { probability: probabilityOf(model, inputs), why, model: label, ...challenge(tried) };
    },
    model: () => model,
    swap(next) {
      model = next;
      label = modelLabel(next);
    },
    challenger: () => challenger,
    swapChallenger(next) {
      challenger = next;
      challengerLabel = modelLabel(next);
    },
  };
};

export type GatewayParts = Readonly<{
  source: Source;
  score: (values: SensorValues, cylinder: string) => ScoredValues;
  publisher: Publisher;
  clock: Clock;
}>;

export type GatewayOptions = Readonly<{
  /** Names this start of the gateway; a new one each time. */
  boot: string;
  /** `clock`: no sample before its time, those of the past at once. `arrival`: each as it comes. */
  pace: 'clock' | 'arrival';
  /** The source waits while more samples than this are unacknowledged; default: it never does. */
  maxQueued?: number;
  signal: AbortSignal;
  /** Called after each batch of the source. */
  onProgress?: (progress: GatewayProgress) => void;
}>;

/** Samples scored in this run, those acknowledged, those still queued, and the event time of the last one, ms. */
export type GatewayProgress = Readonly<{
  samples: number;
  acknowledged: number;
  queued: number;
  lastMs: number | null;
}>;

const YIELD_EVERY = 100;
const LAST_FLUSH_MS = 1200;

/**
 * Scores, numbers and queues every sample of a source, each cylinder's in order, until it ends and all is acknowledged,
 * or until the signal: then what is queued has 1.2 s. Rejects when the source fails or no repetition can deliver.
 */
export const runGateway = async (parts: GatewayParts, options: GatewayOptions): Promise<GatewayProgress> => {
  const { score, publisher, clock } = parts;
  const { boot, pace, maxQueued = Number.POSITIVE_INFINITY } = options;
  const failing = new AbortController();
  publisher.ended.catch(() => failing.abort());
  const signal = AbortSignal.any([options.signal, failing.signal]);
  const cylinders = new Map<string, { origin: Origin; seq: number }>();
  let samples = 0;
  let lastMs: number | null = null;
  const progress = (): GatewayProgress => ({
    samples,
    acknowledged: publisher.acknowledged(),
    queued: publisher.queued(),
    lastMs,
  });

  const take = ({ cylinder, t, values }: SourceSample): void => {
    const { probability, why, model, challenger } = score(values, cylinder);
    const last = cylinders.get(cylinder);
    const seq = last === undefined ? 0 : last.seq + 1;
    const isSame = last?.origin.model === model && last.origin.challenger === challenger?.model;
    const trial = challenger === undefined ? {} : { challenger: challenger.model };
    const origin = last !== undefined && isSame ? last.origin : { cylinder, boot, model, ...trial };
    cylinders.set(cylinder, { origin, seq });
    const tried = challenger === undefined ? {} : { challengerProbability: challenger.probability };
    publisher.send([{ origin, sample: { t, seq, values, probability, why, ...tried } }]);
    samples += 1;
    lastMs = t;
  };

  const waitFor = async ({ t }: SourceSample): Promise<void> => {
    if (pace === 'clock' && t > clock.now()) await clock.sleepUntil(t, signal);
    if (samples % YIELD_EVERY !== 0) return;
    // A source that is ready at once would keep the event loop to itself.
    await yieldToEventLoop();
    await publisher.room(maxQueued, signal);
  };

  const batches = batchesOf(parts.source);
  while (!signal.aborted) {
    const next = await untilAborted(batches.next(), signal);
    if (next === undefined || next.done === true) break;
    for (const sample of next.value) {
      await waitFor(sample);
      if (signal.aborted) break;
      take(sample);
    }
    options.onProgress?.(progress());
  }
  await publisher.flush(signal);
  if (options.signal.aborted) await publisher.flush(AbortSignal.timeout(LAST_FLUSH_MS));
  if (failing.signal.aborted) await publisher.ended;
  return progress();
};

async function* batchesOf(source: Source): AsyncGenerator<readonly SourceSample[], void> {
  yield* source;
}
