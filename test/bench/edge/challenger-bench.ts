import { createScorer } from '../../../edge/gateway/run-gateway.ts';
import { encodeMessages, type ScoredSample } from '../../../edge/message/encode-message.ts';
import { readModel } from '../../../edge/model/formats/read-model.ts';
import type { Model } from '../../../edge/model/model.ts';
import { encodeBody } from '../../../edge/queue/sample-table.ts';
import type { Bench, Figure } from '../figure.ts';
import { SIZES, sensorRows, trainPeer } from './forests.ts';

const ROWS = 10_000;
const ROUNDS = 7;
const MESSAGE = 10;
const MOST = 1.3;

const loaded = (file: Uint8Array, name: string): Model => {
  const reading = readModel(file, name);
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.model;
};

/** Processor time of a sample, µs: scored, explained, written down and encoded, as a gateway does it. */
const microsecondsOf = (first: Model, onTrial: Model | null): number => {
  const rows = sensorRows(ROWS, 11);
  const scorer = createScorer(first, onTrial);
  const origin = { cylinder: 'cyl-07', boot: 'boot', model: 'old@1' };
  const sender = { gateway: 'gw-1', ...origin, ...(onTrial === null ? {} : { challenger: 'new@2' }) };
  const before = process.cpuUsage();
  let waiting: ScoredSample[] = [];
  for (const [seq, values] of rows.entries()) {
    const { probability, why, challenger } = scorer.score(values);
    const tried = challenger === undefined ? {} : { challengerProbability: challenger.probability };
    const sample = { t: 1_763_800_000_000 + seq * 1000, seq, values, probability, why, ...tried };
    encodeBody(sample);
    waiting.push(sample);
    if (waiting.length < MESSAGE) continue;
    encodeMessages(sender, waiting);
    waiting = [];
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / ROWS;
};

async function* run(): AsyncGenerator<Figure | string> {
  for (const size of SIZES) {
    const { file } = await trainPeer(size);
    const [champion, challenger] = [loaded(file, 'old'), loaded(file, 'new')];
    const alone: number[] = [];
    const beside: number[] = [];
    // In turn, so that what else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(microsecondsOf(champion, null));
      beside.push(microsecondsOf(champion, challenger));
    }
    const [one, both] = [Math.min(...alone), Math.min(...beside)];
    yield `${size.trees} trees of depth ${size.depth}, champion and challenger alike`;
    yield { what: 'one sample, scored, explained and encoded', value: one, unit: 'µs' };
    yield { what: 'the same with a model on trial beside it', value: both, unit: 'µs' };
    yield { what: 'with / without', value: both / one, unit: 'times', atMost: MOST };
  }
}

/** What a model on trial costs a gateway. */
export const challengerBench: Bench = {
  name: 'challenger',
  summary: 'processor time of a sample with a model on trial, and without',
  run,
};
